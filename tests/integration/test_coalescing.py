"""A run for a file has nothing to do when one that began later looked at the same version."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from latchkey.errors import LeaseLost
from latchkey.times import stamp
from tests.kit.examples import NOW
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver

BEFORE, AFTER = NOW - timedelta(seconds=5), NOW + timedelta(seconds=5)
LEASE = "LEASE#acme.main", "LEASE"
SEEN = "a run that began after this one looked at the same version"


def _state(stack: StackDriver, started: datetime, **request: Any) -> dict[str, Any]:
    state = stack.state({**FILE, **request})
    state["execution"]["start_time"] = stamp(started)
    return state


def _planned(stack: StackDriver, started: datetime, **request: Any) -> dict[str, Any]:
    """What a run that started then plans a little after NOW, and which calls it makes."""
    stack.calls.clear()
    plan: dict[str, Any] = stack.invoke("plan_grant", _state(stack, started, **request), AFTER)
    return {**plan, "calls": list(stack.calls)}


def _looked(plan: dict[str, Any]) -> bool:
    """Whether a plan was made at all."""
    return str(plan["reason"]) != SEEN


def test_run_that_began_before_the_last_record_gives_the_lease_back_and_asks_nothing_of_iam(
    stack: StackDriver,
) -> None:
    stack.granted()
    plan = _planned(stack, BEFORE)
    assert (plan["step"], plan["outcome"]) == ("done", "unchanged")
    assert plan["reason"] == SEEN
    assert plan["calls"] == [
        "s3:GetObject",
        "dynamodb:UpdateItem",
        "dynamodb:BatchGetItem",
        "dynamodb:DeleteItem",
    ]
    assert stack.item(*LEASE) is None


def test_it_does_not_wait_for_a_run_that_is_at_work(stack: StackDriver) -> None:
    stack.granted()
    stack.invoke("plan_grant", {**stack.state({"action": "suspend", "partner": "acme"})})
    assert stack.item(*LEASE) is not None
    assert _planned(stack, BEFORE)["step"] == "done"


def test_run_that_began_later_looks_although_nothing_changed(stack: StackDriver) -> None:
    stack.granted()
    aws("iam").update_role(RoleName="partner-acme.main", MaxSessionDuration=7200)
    plan = _planned(stack, NOW + timedelta(seconds=1))
    assert (plan["step"], _looked(plan)) == ("grant", True)


def test_run_without_a_start_time_looks(stack: StackDriver) -> None:
    stack.granted()
    assert "iam:GetRole" in stack.run(FILE, AFTER).calls


def test_another_version_is_looked_at(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(purpose="Another")
    assert _looked(_planned(stack, BEFORE))


def test_removed_file_is_looked_at(stack: StackDriver) -> None:
    stack.granted()
    stack.remove()
    assert _planned(stack, BEFORE)["step"] == "revoke"


def test_failed_run_is_made_good(stack: StackDriver) -> None:
    stack.upload()
    state = _state(stack, NOW)
    state["plan"] = stack.invoke("plan_grant", state)
    state["error"] = {"Error": "PermissionDenied", "Cause": "{}"}
    assert stack.invoke("record_outcome", state)["outcome"] == "failed"
    assert _planned(stack, BEFORE)["step"] == "grant"


def test_rejected_version_is_not_rejected_once_more(stack: StackDriver) -> None:
    stack.upload(purpose="")
    assert stack.run(FILE).outcome == "rejected"
    assert not _looked(_planned(stack, BEFORE))


def test_findings_of_another_run_are_no_reason_to_look_away(stack: StackDriver) -> None:
    stack.granted()
    stack.guard(max_session_duration=3600)
    stack.upload(max_session_duration=7200)
    stack.run({"action": "check", "partner": "acme"})
    assert _looked(_planned(stack, BEFORE))


def test_dry_run_always_looks(stack: StackDriver) -> None:
    stack.granted()
    assert "iam:GetRole" in _planned(stack, BEFORE, dry_run=True)["calls"]


@pytest.mark.parametrize("recorded", [False, True], ids=["at work", "recorded"])
def test_file_that_named_another_grant_is_looked_at(stack: StackDriver, *, recorded: bool) -> None:
    """The run for the name it had may not know that the file names another one by now."""
    stack.upload()
    slow = _state(stack, NOW)
    slow["plan"] = stack.invoke("plan_grant", slow)
    stack.upload(grant="second")
    stack.run(FILE)
    if recorded:
        slow["applied"] = stack.invoke("grant_access", slow)
        with pytest.raises(LeaseLost):
            stack.invoke("record_outcome", slow)
    assert _looked(_planned(stack, BEFORE))
