"""A grant whose role is on record in another account: without clients there, nothing is done."""

from typing import Any

import pytest

from tests.kit.examples import ACCOUNT
from tests.kit.stack.aws import FILE, TABLE, aws
from tests.kit.stack.driver import StackDriver

SPOKE = "111122223333"
ORDER = {"partner": "acme", "grant": "main"}


def _moved(stack: StackDriver) -> None:
    """The record says that the role is in another account; the one here stays as it is."""
    states = [one for one in stack.items() if one["sk"] == "STATE"]
    (state,) = [one for one in states if one["pk"] == "GRANT#acme.main"]
    arn = state["role_arn"].replace(ACCOUNT, SPOKE)
    aws("dynamodb").update_item(
        TableName=TABLE,
        Key={"pk": {"S": state["pk"]}, "sk": {"S": "STATE"}},
        UpdateExpression="SET role_arn = :arn",
        ExpressionAttributeValues={":arn": {"S": arn}},
    )


@pytest.mark.parametrize(
    ("action", "outcome"), [("suspend", "failed"), ("revoke", "failed"), ("check", "rejected")]
)
def test_nothing_is_done_here_for_a_role_there(
    stack: StackDriver, action: str, outcome: str
) -> None:
    """The check finds a config that would have the grant move here."""
    stack.granted()
    _moved(stack)
    before = stack.role()
    run = stack.run({"action": action, **ORDER})
    assert (run.outcome, run.iam_writes) == (outcome, [])
    assert SPOKE in str(run.result)
    assert stack.role() == before


def test_a_version_that_would_move_the_grant_is_rejected_and_the_role_stays(
    stack: StackDriver,
) -> None:
    stack.granted()
    before = stack.role()
    stack.upload(account=SPOKE)
    run = stack.run(FILE)
    assert (run.outcome, run.iam_writes) == ("rejected", [])
    problems: list[Any] = run.result["problems"]
    assert [one["path"] for one in problems] == ["/account"]
    assert stack.role() == before
