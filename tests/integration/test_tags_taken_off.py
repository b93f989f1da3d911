"""A role is the grant's by its unique ID, too: taking a tag off makes it immune to nothing."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.kit.examples import NOW
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver

OWN = {"RoleName": "partner-acme.main"}
CHECK = {"action": "check", "partner": "acme", "grant": "main"}
EXPIRY = datetime(2030, 1, 1, tzinfo=UTC)
KEYS = [["latchkey:stack"], ["latchkey:grant"], ["latchkey:stack", "latchkey:grant"]]


@pytest.fixture(params=KEYS, ids=str)
def bare(stack: StackDriver, request: Any) -> StackDriver:
    """A grant whose role lost tags of ours."""
    stack.granted()
    aws("iam").untag_role(**OWN, TagKeys=request.param)
    return stack


def test_role_id_is_on_record(stack: StackDriver) -> None:
    stack.granted()
    role = stack.role()
    assert role
    assert stack.grant()["role_id"] == role["RoleId"]


def test_role_that_lost_tags_raises_the_alarm_and_gets_exactly_two_back(bare: StackDriver) -> None:
    found = bare.invoke("check_drift", {})
    assert (found["changed"], found["unowned"]) == (["acme.main"], ["partner-acme.main"])
    run = bare.run(CHECK)
    (change,) = run.result["changes"]
    assert change["action"] == "TagRole"
    assert change["tags"] == {"latchkey:grant": "acme.main", "latchkey:stack": "latchkey"}
    assert bare.history()[-1] == "DriftRepaired"


def test_role_that_lost_tags_is_suspended(bare: StackDriver) -> None:
    run = bare.run({**CHECK, "action": "suspend"})
    assert (run.outcome, run.iam_writes) == ("suspended", ["TagRole", "PutRolePolicy"])


@pytest.mark.parametrize("way", ["order", "file", "expiry"])
def test_role_that_lost_tags_ends(bare: StackDriver, way: str) -> None:
    now = EXPIRY if way == "expiry" else NOW
    if way == "file":
        bare.remove()
    run = bare.run(
        {"order": {**CHECK, "action": "revoke"}, "file": FILE, "expiry": CHECK}[way], now
    )
    assert run.iam_writes == ["TagRole", "DeleteRolePolicy", "DeleteRole"]
    assert bare.role() is None


def test_role_of_another_id_and_without_tags_is_nobodys(stack: StackDriver) -> None:
    stack.granted()
    aws("iam").delete_role_policy(**OWN, PolicyName="latchkey-access")
    aws("iam").delete_role(**OWN)
    trust = '{"Version":"2012-10-17","Statement":[]}'
    aws("iam").create_role(**OWN, Path="/partners/", AssumeRolePolicyDocument=trust)
    for action in ("check", "suspend", "revoke"):
        run = stack.run({**CHECK, "action": action})
        assert (run.outcome, run.iam_writes) == ("failed", [])
        assert run.result["reason"].startswith("RoleNotOwned")
    assert stack.invoke("check_drift", {})["unowned"] == ["partner-acme.main"]
