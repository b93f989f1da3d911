"""A run for a file has nothing to do when one that began later looked at the same version."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from latchkey.errors import LeaseLost
from latchkey.times import stamp
from tests.kit.examples import NOW
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import House

BEFORE, AFTER = NOW - timedelta(seconds=5), NOW + timedelta(seconds=5)
LEASE = "GRANT#acme.main", "LEASE"
SEEN = "a run that began after this one looked at the same version"


def _state(house: House, started: datetime, **request: Any) -> dict[str, Any]:
    state = house.state({**FILE, **request})
    state["execution"]["start_time"] = stamp(started)
    return state


def _planned(house: House, started: datetime, **request: Any) -> dict[str, Any]:
    """What a run that started then plans a little after NOW, and which calls it makes."""
    house.calls.clear()
    plan: dict[str, Any] = house.invoke("plan_grant", _state(house, started, **request), AFTER)
    return {**plan, "calls": list(house.calls)}


def _looked(plan: dict[str, Any]) -> bool:
    """Whether a plan was made at all."""
    return str(plan["reason"]) != SEEN


def test_run_that_began_before_the_last_record_gives_the_lease_back_and_asks_nothing_of_iam(
    house: House,
) -> None:
    house.granted()
    plan = _planned(house, BEFORE)
    assert (plan["step"], plan["outcome"]) == ("done", "unchanged")
    assert plan["reason"] == SEEN
    assert plan["calls"] == [
        "s3:GetObject",
        "dynamodb:UpdateItem",
        "dynamodb:BatchGetItem",
        "dynamodb:DeleteItem",
    ]
    assert house.item(*LEASE) is None


def test_it_does_not_wait_for_a_run_that_is_at_work(house: House) -> None:
    house.granted()
    house.invoke("plan_grant", {**house.state({"action": "suspend", "partner": "acme"})})
    assert house.item(*LEASE) is not None
    assert _planned(house, BEFORE)["step"] == "done"


def test_run_that_began_later_looks_although_nothing_changed(house: House) -> None:
    house.granted()
    aws("iam").update_role(RoleName="partner-acme.main", MaxSessionDuration=7200)
    plan = _planned(house, NOW + timedelta(seconds=1))
    assert (plan["step"], _looked(plan)) == ("grant", True)


def test_run_without_a_start_time_looks(house: House) -> None:
    house.granted()
    assert "iam:GetRole" in house.run(FILE, AFTER).calls


def test_another_version_is_looked_at(house: House) -> None:
    house.granted()
    house.upload(purpose="Another")
    assert _looked(_planned(house, BEFORE))


def test_removed_file_is_looked_at(house: House) -> None:
    house.granted()
    house.remove()
    assert _planned(house, BEFORE)["step"] == "revoke"


def test_failed_run_is_made_good(house: House) -> None:
    house.upload()
    state = _state(house, NOW)
    state["plan"] = house.invoke("plan_grant", state)
    state["error"] = {"Error": "PermissionDenied", "Cause": "{}"}
    assert house.invoke("record_outcome", state)["outcome"] == "failed"
    assert _planned(house, BEFORE)["step"] == "grant"


def test_rejected_version_is_not_rejected_once_more(house: House) -> None:
    house.upload(purpose="")
    assert house.run(FILE).outcome == "rejected"
    assert not _looked(_planned(house, BEFORE))


def test_findings_of_another_run_are_no_reason_to_look_away(house: House) -> None:
    house.granted()
    house.guard(max_session_duration=3600)
    house.upload(max_session_duration=7200)
    house.run({"action": "check", "partner": "acme"})
    assert _looked(_planned(house, BEFORE))


def test_dry_run_always_looks(house: House) -> None:
    house.granted()
    assert "iam:GetRole" in _planned(house, BEFORE, dry_run=True)["calls"]


@pytest.mark.parametrize("recorded", [False, True], ids=["at work", "recorded"])
def test_file_that_named_another_grant_is_looked_at(house: House, *, recorded: bool) -> None:
    """The run for the name it had may not know that the file names another one by now."""
    house.upload()
    slow = _state(house, NOW)
    slow["plan"] = house.invoke("plan_grant", slow)
    house.upload(grant="second")
    house.run(FILE)
    if recorded:
        slow["applied"] = house.invoke("grant_access", slow)
        with pytest.raises(LeaseLost):
            house.invoke("record_outcome", slow)
    assert _looked(_planned(house, BEFORE))
