"""The hourly check of accounts beside the stack's own: by a distributed map, each by itself."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from latchkey.aws.spoke_records import SpokeRecord, SpokeRecords
from latchkey.aws.table import Table
from latchkey.iam.spoke import VERSION
from sandbox import Sandbox
from sandbox.account import ACCOUNT, ORGANIZATION
from sandbox.connection import connect
from tests.kit.outside import Outside, eventually
from tests.kit.repository import ROOT

pytestmark = pytest.mark.e2e

ENROLLED, STRANGER = "222233334444", "999988887777"
FUNCTION = "latchkey-check-drift"


@pytest.fixture
def enrolled(box: Sandbox) -> Iterator[str]:
    """An account that trusts this hub."""
    there = connect(box.url, "cloudformation", ENROLLED)
    given = {"HubAccount": ACCOUNT, "HubRegion": "us-east-1", "OrganizationId": ORGANIZATION}
    there.create_stack(
        StackName="latchkey-spoke",
        TemplateBody=(ROOT / "spoke.yaml").read_text(encoding="utf-8"),
        Capabilities=["CAPABILITY_NAMED_IAM"],
        Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in given.items()],
    )
    yield ENROLLED
    there.delete_stack(StackName="latchkey-spoke")


def _check(box: Sandbox) -> None:
    answer = box.client("lambda").invoke(FunctionName=FUNCTION, Payload=b"{}")
    assert "FunctionError" not in answer, answer["Payload"].read()


def _runs(outside: Outside) -> list[Any]:
    """The executions that check accounts, the newest first."""
    machine = outside.box.outputs["GrantWorkflowArn"].replace(
        "grant-workflow", "reconcile-workflow"
    )
    states = outside.box.client("stepfunctions")
    found = states.list_executions(stateMachineArn=machine)["executions"]
    return [
        states.describe_execution(executionArn=one["executionArn"])
        for one in found
        if one["name"].startswith("accounts-")
    ]


def test_accounts_are_checked_each_by_itself_and_the_run_fails_for_one_that_is_not_enrolled(
    box: Sandbox, outside: Outside, enrolled: str, security: Any
) -> None:
    security(allowed_accounts=[enrolled, STRANGER])
    _check(box)
    (run,) = eventually(
        lambda: _runs(outside), lambda found: found and found[0]["status"] != "RUNNING"
    )[:1]
    assert json.loads(run["input"]) == {"accounts": [enrolled, STRANGER]}
    assert (run["status"], run["error"]) == ("FAILED", "AccountsNotChecked")
    assert f"1 of 2 accounts could not be checked: {STRANGER} (SpokeNotEnrolled)" in run["cause"]
    table = Table(box.client("dynamodb"), outside.box.outputs["GrantTableName"])
    known = {record.account: record for record in SpokeRecords(table).all()}
    left, right = known[enrolled], known[STRANGER]
    assert left == SpokeRecord(enrolled, left.since, left.checked_at, version=VERSION)
    assert left.checked_at
    assert (right.account, right.checked_at) == (STRANGER, None)
    assert (right.error or "").startswith("SpokeNotEnrolled: ")
