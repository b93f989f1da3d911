"""What CloudTrail tells of partner roles: each change is looked at, and none too often."""

from datetime import timedelta
from typing import Any

import pytest

from tests.integration.role_edits import MANAGED, OWN, ROLE
from tests.integration.test_drift import CHECK, LATER, granted
from tests.kit.examples import NOW
from tests.kit.stack.aws import aws
from tests.kit.stack.driver import StackDriver

__all__ = ["granted"]


def _started(stack: StackDriver) -> list[Any]:
    return [request for request in stack.started() if request.get("by") == "drift"]


def _event(**detail: Any) -> dict[str, Any]:
    return {
        "detail-type": "AWS API Call via CloudTrail",
        "account": "123456789012",
        "detail": {
            "eventSource": "iam.amazonaws.com",
            "eventName": "AttachRolePolicy",
            "eventTime": "2026-01-15T12:30:00Z",
            "eventID": "5c1f7a52-0f2b-4b0e-9a39-6f1d6c1f9a11",
            "userIdentity": {"arn": "arn:aws:sts::123456789012:assumed-role/admin/alice"},
            "requestParameters": {"roleName": ROLE, "policyArn": MANAGED},
            **detail,
        },
    }


def test_event_of_cloudtrail_has_the_role_repaired_and_says_who_it_was(
    granted: StackDriver,
) -> None:
    aws("iam").attach_role_policy(**OWN, PolicyArn=MANAGED)
    assert granted.invoke("check_drift", _event()) == {"heard": "acme.main"}
    granted.invoke("check_drift", _event())
    (request,) = _started(granted)
    run = granted.run(request, LATER)
    assert run.iam_writes == ["DetachRolePolicy"]
    assert "assumed-role/admin/alice called AttachRolePolicy" in run.result["reason"]


def test_however_often_a_role_is_changed_it_is_looked_at_once_a_minute(
    granted: StackDriver,
) -> None:
    for second in range(0, 120, 10):
        event = _event(eventID=str(second))
        granted.invoke("check_drift", event, NOW + timedelta(seconds=second))
    looks = sorted(_started(granted), key=lambda look: look.get("after_seconds", 0))
    assert [look.pop("after_seconds", 0) for look in looks] == [0, 50, 60]
    assert {frozenset(look) for look in looks} == {frozenset(CHECK | {"by": "", "reason": ""})}


def test_each_change_has_a_look_that_begins_after_it(granted: StackDriver) -> None:
    known: set[str] = set()
    last = 0.0
    for second in (0, 59.9, 60, 61, 119, 200):
        at = NOW + timedelta(seconds=second)
        granted.invoke("check_drift", _event(eventID=str(second)), at)
        looks = {name for name in granted.executions() if name.startswith("trail-")}
        minutes = [int(name.rpartition("-")[2]) for name in looks - known]
        last = max([last, *(max(minute * 60, at.timestamp()) for minute in minutes)])
        known |= looks
        assert last >= at.timestamp()


@pytest.mark.parametrize(
    "detail",
    [
        {"errorCode": "AccessDenied"},
        {"requestParameters": None},
        {"requestParameters": {"roleName": "somebody-elses"}},
        {"requestParameters": {"roleName": "partner-nobody"}},
    ],
    ids=["refused", "no role", "another's role", "no grant's role"],
)
def test_event_that_changed_no_partner_role_starts_nothing(
    granted: StackDriver, detail: Any
) -> None:
    assert granted.invoke("check_drift", _event(**detail)) == {"heard": None}
    assert not _started(granted)


def test_our_own_change_that_is_heard_of_changes_nothing(granted: StackDriver) -> None:
    granted.invoke("check_drift", _event(eventName="PutRolePolicy"))
    (request,) = _started(granted)
    run = granted.run(request, LATER)
    assert (run.steps, run.iam_writes) == (["plan_grant"], [])
