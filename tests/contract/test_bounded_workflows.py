"""What functions and planners may start takes neither configs nor orders, and changes nothing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey_cli.authorship.comparison import STARTERS
from tests.contract.role_actions import actions_of, statements_of
from tests.kit.stack.machine import reconciliation
from tests.kit.template import FUNCTION, of_type, properties, resolved, workflow

FILE = {"bucket": "config-bucket", "key": "partners/acme.json"}
CHECK = {"action": "check", "partner": "acme", "grant": "main", "by": "sweep", "reason": "due"}
ORPHAN = {**CHECK, "by": "drift", "account": "222233334444"}
MORE = {
    "config": {"version": 1},
    "dry_run": True,
    "as_file": "partners/x.json",
    "confirm": "all",
    "requested_by": "nobody",
    "order": {},
}
RECONCILE = properties("IntakeConfigFunction")["Environment"]["Variables"]["RECONCILE_WORKFLOW_ARN"]
GRANT = properties("ReconcileWorkflow")["DefinitionSubstitutions"]["GrantWorkflowArn"]

_ANY: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.text() | st.just({"config": {}})
)


@pytest.mark.parametrize("request_", [FILE, CHECK, ORPHAN], ids=["file", "check", "orphan"])
def test_reconciliation_starts_the_workflow_with_its_fields_and_no_others(request_: Any) -> None:
    assert reconciliation(request_) == request_
    assert reconciliation({**request_, **MORE}) == request_


def test_what_the_file_check_finds_says_so() -> None:
    found = {**FILE, "by": "file_check"}
    assert reconciliation({**found, **MORE}) == found
    assert reconciliation({**FILE, "by": "order"}) == FILE


def test_what_is_both_is_a_file_and_gives_no_order() -> None:
    assert reconciliation({**CHECK, **FILE}) == FILE


@pytest.mark.parametrize(
    "request_",
    [
        {},
        [],
        "text",
        MORE,
        {"bucket": "b"},
        {"bucket": "b", "key": {"config": {}}},
        *({**CHECK, "action": action} for action in ("revoke", "suspend", "resume", "confirm", 1)),
        {**CHECK, "grant": {"config": {}}},
        {key: CHECK[key] for key in ("action", "partner", "grant")},
    ],
)
def test_reconciliation_takes_nothing_else(request_: Any) -> None:
    assert reconciliation(request_) is None


@given(
    st.dictionaries(
        st.sampled_from([*FILE, *ORPHAN, *MORE]), _ANY | st.sampled_from(["check", "revoke", "*"])
    )
)
def test_whatever_is_put_in_nothing_but_texts_of_a_reconciliation_comes_out(
    request_: dict[str, Any],
) -> None:
    found = reconciliation(request_)
    assert found is None or found.keys() in (FILE.keys(), CHECK.keys(), ORPHAN.keys())
    assert all(isinstance(value, str) for value in (found or {}).values())
    assert (found or {}).get("action", "check") == "check"


@pytest.mark.parametrize("function", of_type(FUNCTION))
def test_functions_may_start_reconciliations_only(function: str) -> None:
    role = properties(function)["Role"]["Fn::GetAtt"].removesuffix(".Arn")
    starts = [s for s in statements_of(role) if "states:StartExecution" in s.actions]
    assert all(start.resources == (RECONCILE,) for start in starts)


def test_workflows_are_called_what_their_starters_call_them() -> None:
    for arn, name in ((RECONCILE, "ReconcileWorkflow"), (GRANT, "GrantWorkflow")):
        named = resolved(properties(name)["Name"], "any")
        assert resolved(arn, "any").endswith(f":stateMachine:{named}")
    assert RECONCILE != GRANT


def test_schedules_that_granting_writes_start_reconciliations_only() -> None:
    (start,) = statements_of("ScheduleRole")
    assert start.actions == {"states:StartExecution"}
    assert start.resources == (RECONCILE,)


def test_the_workflow_is_started_by_workflows_only() -> None:
    roles = of_type("AWS::IAM::Role")
    starters = {role for role in roles for s in statements_of(role) if GRANT in s.resources}
    assert starters == {"GrantWorkflowRole", "ReconcileWorkflowRole"}


def test_the_command_line_knows_who_starts_reconciliations() -> None:
    roles = of_type("AWS::IAM::Role")
    may = {r for r in roles for s in statements_of(r) if RECONCILE in s.resources}
    maps = {"ReconcileWorkflowRole"}  # the parts of its own map over accounts, which run no grant
    assert may - maps == STARTERS


def test_functions_are_invoked_by_workflows_and_schedules_only() -> None:
    roles = of_type("AWS::IAM::Role")
    invokers = {
        role for role in roles for s in statements_of(role) if "lambda:InvokeFunction" in s.actions
    }
    workflows = {f"{name}WorkflowRole" for name in ("Grant", "Plan", "Reconcile")}
    assert invokers == {*workflows, "SweepScheduleRole"}
    assert not any("lambda:InvokeFunction" in actions_of(name) for name in of_type(FUNCTION))


def test_planning_invokes_no_function_that_may_change_access() -> None:
    (invoke,) = [
        s for s in statements_of("PlanWorkflowRole") if "lambda:InvokeFunction" in s.actions
    ]
    invoked = {resource["Fn::GetAtt"].removesuffix(".Arn") for resource in invoke.resources}
    assert invoked == {"PlanGrantFunction", "RecordOutcomeFunction"}
    for name in invoked:
        iam = {action for action in actions_of(name) if action.startswith("iam:")}
        assert all(action.startswith(("iam:Get", "iam:List")) for action in iam)


def test_planning_makes_every_request_a_dry_run_before_anything_reads_it() -> None:
    states = workflow("plan")["States"]
    dry = "States.JsonMerge($$.Execution.Input, States.StringToJson('{\"dry_run\": true}'), false)"
    assert states["Plan"]["Parameters"] == {"request.$": dry, "execution.$": "$.execution"}
    assert states["DescribePlan"]["Parameters"]["plan_only"] is True
    named = {resource for state in states.values() if (resource := state.get("Resource"))}
    assert named == {"${PlanGrantFunctionArn}", "${RecordOutcomeFunctionArn}"}


@pytest.mark.parametrize("name", ["Plan", "DescribePlan"])
def test_planning_retries_as_the_workflow_does(name: str) -> None:
    mine = workflow("plan")["States"][name]["Retry"]
    theirs = workflow()["States"]["Plan" if name == "Plan" else "RecordOutcome"]["Retry"]
    assert mine == [rule for rule in theirs if rule["ErrorEquals"] != ["GrantBusy"]]
