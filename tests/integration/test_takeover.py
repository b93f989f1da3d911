"""What a run began and did not live to record is known to whoever comes after it."""

from datetime import timedelta
from typing import Any

import pytest

from tests.kit.examples import NOW, OTHER_ACCOUNT
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import House

LATER = NOW + timedelta(minutes=4)
CHECK = {"action": "check", "partner": "acme", "grant": "main"}


def _die_before_the_record(house: House, request: Any) -> None:
    state = house.state(request)
    state["plan"] = house.invoke("plan_grant", state)
    house.invoke(f"{state['plan']['step']}_access", state)


@pytest.mark.parametrize("request_", [FILE, CHECK], ids=["file", "check"])
def test_change_that_nobody_recorded_is_recorded_by_the_next_run(
    house: House, request_: Any
) -> None:
    house.granted()
    house.upload(principals=[OTHER_ACCOUNT])
    _die_before_the_record(house, FILE)
    run = house.run(request_, LATER)
    assert (run.outcome, run.iam_writes) == ("updated", [])
    assert [change["action"] for change in run.result["changes"]] == ["UpdateAssumeRolePolicy"]
    assert house.history() == ["AccessGranted", "AccessUpdated"]


def test_repair_that_nobody_recorded_is_recorded_by_the_next_check(house: House) -> None:
    house.granted()
    aws("iam").update_role(RoleName="partner-acme.main", Description="by hand")
    _die_before_the_record(house, CHECK)
    run = house.run(CHECK, LATER)
    assert (run.outcome, run.iam_writes) == ("updated", [])
    assert house.history() == ["AccessGranted", "AccessUpdated"]


def test_what_was_recorded_is_not_recorded_once_more(house: House) -> None:
    house.granted()
    house.upload(principals=[OTHER_ACCOUNT])
    house.run(FILE)
    assert house.run(CHECK, LATER).outcome == "unchanged"
    assert house.history() == ["AccessGranted", "AccessUpdated"]


@pytest.mark.parametrize("then", ["acme-7f3b2c91", "acme-third-id"])
def test_external_ids_of_a_failed_change_are_given_back(house: House, then: str) -> None:
    house.granted()
    house.upload(external_id="acme-other-id")
    state = house.state(FILE)
    state["plan"] = house.invoke("plan_grant", state)
    state["error"] = {"Error": "PermissionDenied", "Cause": "{}"}
    house.invoke("record_outcome", state)
    assert set(house.grant()["external_ids"]) == {"acme-7f3b2c91", "acme-other-id"}
    house.upload(external_id=then)
    house.run(FILE)
    claimed = {item["pk"]: item.get("grants") for item in house.items() if item["sk"] == "CLAIM"}
    assert {key for key, grants in claimed.items() if grants} == {f"EXTERNAL_ID#{then}"}
    assert house.grant()["external_ids"] == [then]


def test_failed_change_followed_by_a_removal_gives_back_all_external_ids(house: House) -> None:
    house.granted()
    house.upload(external_id="acme-other-id")
    state = house.state(FILE)
    state["plan"] = house.invoke("plan_grant", state)
    state["error"] = {"Error": "PermissionDenied", "Cause": "{}"}
    house.invoke("record_outcome", state)
    house.remove()
    house.run(FILE)
    assert not any(item.get("grants") for item in house.items() if item["sk"] == "CLAIM")
