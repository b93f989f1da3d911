"""What functions and planners may start: reconciliations and plans, whatever is put in."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.e2e.conftest import Case
from tests.kit.outside import Outside, eventually
from tests.kit.template import properties, resolved

pytestmark = pytest.mark.e2e

STARTERS = ("IntakeConfigFunction", "RecordOutcomeFunction", "SweepGrantsFunction")


def _run(outside: Outside, machine: str, request: Any) -> dict[str, Any]:
    arn = outside.states.start_execution(stateMachineArn=machine, input=json.dumps(request))
    found: dict[str, Any] = eventually(
        lambda: outside.states.describe_execution(executionArn=arn["executionArn"]),
        lambda execution: execution["status"] != "RUNNING",
    )
    return found


def _reconcile(outside: Outside) -> str:
    return outside.box.outputs["GrantWorkflowArn"].replace("grant-workflow", "reconcile-workflow")


@pytest.mark.parametrize("function", STARTERS)
def test_function_that_is_taken_over_cannot_start_the_grant_workflow(
    outside: Outside, function: str
) -> None:
    name = resolved(properties(function)["FunctionName"], "latchkey")
    states = outside.box.function_client(name, "stepfunctions")
    with pytest.raises(ClientError, match="not authorized to perform: states:StartExecution"):
        states.start_execution(stateMachineArn=outside.box.outputs["GrantWorkflowArn"], input="{}")
    plan = outside.box.outputs["PlanWorkflowArn"]
    with pytest.raises(ClientError, match="not authorized"):
        states.start_execution(stateMachineArn=plan, input="{}")


def test_config_and_order_in_a_reconciliation_are_dropped(outside: Outside, case: Case) -> None:
    outside.upload(case.key, case.config())
    before = outside.role(case.role)
    bucket = outside.box.outputs["ConfigBucketName"]
    other = case.config(external_id="another-external-id")
    request = {"bucket": bucket, "key": case.key, "config": other, "action": "revoke"}
    assert _run(outside, _reconcile(outside), request)["status"] == "SUCCEEDED"
    outside.box.advance(0)
    assert outside.role(case.role) == before
    order = {"action": "revoke", "partner": case.partner, "grant": "main"}
    for refused in ({"config": other}, order, {**order, "by": "file", "reason": "x"}, "text"):
        ended = _run(outside, _reconcile(outside), refused)
        assert (ended["status"], ended["error"]) == ("FAILED", "NotAReconciliation")
    assert outside.role(case.role) == before


def _plan(outside: Outside, request: Any) -> dict[str, Any]:
    ended = outside.start(request, workflow="PlanWorkflowArn")
    assert ended["status"] == "SUCCEEDED", ended
    output: dict[str, Any] = ended["output"]
    assert output["result_key"].startswith("plans/")
    return output


def test_plan_workflow_plans_dry_whatever_its_input_says(outside: Outside, case: Case) -> None:
    for dry_run in ({}, {"dry_run": False}, {"dry_run": "no"}):
        output = _plan(outside, {"config": case.config(), **dry_run})
        assert (output["outcome"], output["dry_run"]) == ("planned", True)
        assert "CreateRole" in [change["action"] for change in output["changes"]]
    outside.box.advance(0)
    assert outside.role(case.role) is None
    assert outside.history(f"{case.partner}.main") == []


def test_plan_workflow_writes_no_result_over_a_live_one(outside: Outside, case: Case) -> None:
    live = outside.upload(case.key, case.config())
    before = outside.history(f"{case.partner}.main")
    bucket = outside.box.outputs["ConfigBucketName"]
    for request in (
        {"bucket": bucket, "key": case.key},
        {"action": "revoke", "partner": case.partner},
        {"action": "suspend", "partner": case.partner, "dry_run": False},
    ):
        assert _plan(outside, request)["outcome"] == "planned"
    outside.box.advance(0)
    assert outside.result(case.key, bool) == live
    assert outside.history(f"{case.partner}.main") == before


@pytest.mark.parametrize("request_", [{}, {"config": 1}, {"action": "suspend", "partner": "*"}])
def test_plan_workflow_rejects_what_makes_no_sense_and_records_nothing(
    outside: Outside, request_: Any
) -> None:
    assert _plan(outside, request_)["outcome"] == "rejected"
