"""The next run knows what a run began and did not live to record."""

from datetime import timedelta
from typing import Any

import pytest

from tests.kit.examples import NOW, OTHER_ACCOUNT
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver

LATER = NOW + timedelta(minutes=4)
CHECK = {"action": "check", "partner": "acme", "grant": "main"}


def _die_before_the_record(stack: StackDriver, request: Any) -> None:
    state = stack.state(request)
    state["plan"] = stack.invoke("plan_grant", state)
    stack.invoke(f"{state['plan']['step']}_access", state)


@pytest.mark.parametrize("request_", [FILE, CHECK], ids=["file", "check"])
def test_change_that_nobody_recorded_is_recorded_by_the_next_run(
    stack: StackDriver, request_: Any
) -> None:
    stack.granted()
    stack.upload(principals=[OTHER_ACCOUNT])
    _die_before_the_record(stack, FILE)
    run = stack.run(request_, LATER)
    assert (run.outcome, run.iam_writes) == ("updated", [])
    done = [change["action"] for change in run.result["changes"]]
    assert done == ["UpdateAssumeRolePolicy", "PutRolePolicy"]
    assert stack.history() == ["AccessGranted", "AccessUpdated"]


def test_repair_that_nobody_recorded_is_recorded_by_the_next_check(stack: StackDriver) -> None:
    stack.granted()
    aws("iam").update_role(RoleName="partner-acme.main", Description="by hand")
    _die_before_the_record(stack, CHECK)
    run = stack.run(CHECK, LATER)
    assert (run.outcome, run.iam_writes) == ("updated", [])
    assert stack.history() == ["AccessGranted", "DriftRepaired"]


def test_what_was_recorded_is_not_recorded_once_more(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(principals=[OTHER_ACCOUNT])
    stack.run(FILE)
    assert stack.run(CHECK, LATER).outcome == "unchanged"
    assert stack.history() == ["AccessGranted", "AccessUpdated"]


@pytest.mark.parametrize("then", ["acme-7f3b2c91", "acme-third-id"])
def test_external_ids_of_a_failed_change_are_given_back(stack: StackDriver, then: str) -> None:
    stack.granted()
    stack.upload(external_id="acme-other-id")
    state = stack.state(FILE)
    state["plan"] = stack.invoke("plan_grant", state)
    state["error"] = {"Error": "PermissionDenied", "Cause": "{}"}
    stack.invoke("record_outcome", state)
    assert set(stack.grant()["external_ids"]) == {"acme-7f3b2c91", "acme-other-id"}
    stack.upload(external_id=then)
    stack.run(FILE)
    claimed = {item["pk"]: item.get("grants") for item in stack.items() if item["sk"] == "CLAIM"}
    assert {key for key, grants in claimed.items() if grants} == {f"EXTERNAL_ID#{then}"}
    assert stack.grant()["external_ids"] == [then]


def test_failed_change_followed_by_a_removal_gives_back_all_external_ids(
    stack: StackDriver,
) -> None:
    stack.granted()
    stack.upload(external_id="acme-other-id")
    state = stack.state(FILE)
    state["plan"] = stack.invoke("plan_grant", state)
    state["error"] = {"Error": "PermissionDenied", "Cause": "{}"}
    stack.invoke("record_outcome", state)
    stack.remove()
    stack.run(FILE)
    assert not any(item.get("grants") for item in stack.items() if item["sk"] == "CLAIM")
