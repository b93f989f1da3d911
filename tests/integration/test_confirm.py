"""Grants without a fixed end: what nobody confirms ends, and nobody else moves the end on."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from latchkey.times import instant
from tests.kit.examples import NOW, config_document
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.run import Run

DAY = timedelta(days=1)
DAYS = 30
ORDER = {"partner": "acme", "grant": "main", "reason": "still needed", "requested_by": "ada"}
CHECK = {"action": "check", "partner": "acme", "grant": "main", "by": "schedule"}
END, LATER = instant(NOW + DAYS * DAY), NOW + 10 * DAY
NEXT_END = instant(LATER + DAYS * DAY)


def body(**changes: Any) -> bytes:
    document = {**config_document("expires_at"), "confirm_every_days": DAYS, **changes}
    return json.dumps(document).encode()


@pytest.fixture
def granted(stack: StackDriver) -> StackDriver:
    stack.guard(max_confirm_days=90)
    stack.upload(body())
    assert stack.run(FILE).outcome == "created"
    return stack


def confirm(stack: StackDriver, now: datetime = LATER, /, **more: Any) -> Run:
    return stack.run({**ORDER, "action": "confirm", **more}, now)


def ends(stack: StackDriver) -> set[str]:
    """When access ends by the table, the schedule, and both policies of the role."""
    (schedule,) = stack.schedules()
    at = aws("scheduler").get_schedule(Name=schedule, GroupName="latchkey-grants")
    role, permissions = stack.role(), stack.permissions()
    assert role
    documents = [role["AssumeRolePolicyDocument"], permissions]
    found = {
        condition["DateLessThan"]["aws:CurrentTime"]
        for document in documents
        for statement in document["Statement"]
        if statement["Effect"] == "Allow"
        for condition in [statement["Condition"]]
    }
    return {stack.grant()["expires_at"], f"{at['ScheduleExpression'][3:-1]}Z", *found}


def test_all_layers_go_by_the_confirmed_date(granted: StackDriver) -> None:
    assert ends(granted) == {END}
    run = confirm(granted)
    assert (run.outcome, run.result["expires_at"]) == ("confirmed", NEXT_END)
    assert ends(granted) == {NEXT_END}
    assert granted.grant()["confirmed_at"] == instant(LATER)
    assert granted.run(CHECK, NOW + DAYS * DAY).iam_writes == []
    assert granted.run(CHECK, LATER + DAYS * DAY).outcome == "expired"
    assert granted.role() is None


def test_what_nobody_confirms_ends(granted: StackDriver) -> None:
    run = granted.run(CHECK, NOW + DAYS * DAY)
    assert (run.outcome, run.result["late_seconds"]) == ("expired", 0)
    assert "30 days after it was last confirmed" in run.result["reason"]


def test_who_confirmed_is_on_record(granted: StackDriver) -> None:
    run = confirm(granted)
    told = granted.events()[-1]["detail"]
    assert granted.history() == ["AccessGranted", "AccessConfirmed"]
    for found in (run.result, told):
        assert (found["requested_by"], found["reason"]) == ("ada", "still needed")
        assert (found["by"], found["order"]) == ("order", "confirm")
    assert {"effect": "widens", "text": f"extends by 10 days, to {NEXT_END[:10]} 12:00 UTC"} in (
        run.result["summary"]
    )


def test_role_and_sessions_go_on(granted: StackDriver) -> None:
    before = granted.role()
    run = confirm(granted)
    after = granted.role()
    assert before and after and before["RoleId"] == after["RoleId"]
    assert run.result["issued_before"] is None
    assert sorted(run.iam_writes) == ["PutRolePolicy", "UpdateAssumeRolePolicy"]


def test_dry_run_shows_the_date_and_changes_nothing(granted: StackDriver) -> None:
    run = confirm(granted, dry_run=True)
    assert (run.outcome, run.result["expires_at"]) == ("planned", NEXT_END)
    assert ends(granted) == {END}


SAME = {
    "a nightly copy of the same bytes": body(),
    "a copy with other blanks": json.dumps(json.loads(body()), indent=4).encode(),
    "a copy in another order": json.dumps(dict(reversed(json.loads(body()).items()))).encode(),
    "with a name for editors": body(**{"$schema": "https://example.com/schema.json"}),
    "with a default written out": body(max_session_duration=3600),
}


@pytest.mark.parametrize("copy", SAME)
def test_copy_confirms_nothing(granted: StackDriver, copy: str) -> None:
    granted.upload(SAME[copy])
    granted.run(FILE, LATER)
    assert ends(granted) == {END}
    assert granted.run(CHECK, NOW + DAYS * DAY).outcome == "expired"
    granted.upload(SAME[copy])
    run = granted.run(FILE, NOW + 31 * DAY)
    assert (run.outcome, run.iam_writes) == ("unchanged", [])
    assert granted.role() is None, "nor is what ended granted anew by the next night's copy"


def test_version_with_other_content_confirms(granted: StackDriver) -> None:
    granted.upload(body(purpose="For the audit of 2027"))
    assert granted.run(FILE, LATER).outcome == "updated"
    assert ends(granted) == {NEXT_END}


def test_what_ended_is_granted_anew_by_other_content_or_after_a_removal(
    granted: StackDriver,
) -> None:
    granted.run(CHECK, NOW + DAYS * DAY)
    granted.upload(body(purpose="Again"))
    assert granted.run(FILE, NOW + 40 * DAY).outcome == "created"
    granted.run(CHECK, NOW + 70 * DAY)
    granted.remove()
    granted.run(FILE, NOW + 71 * DAY)
    granted.upload(body(purpose="Again"))
    assert granted.run(FILE, NOW + 72 * DAY).outcome == "created"
    assert ends(granted) == {instant(NOW + 102 * DAY)}


LOOKS: dict[str, dict[str, Any]] = {
    "the notification again": FILE,
    "the file check": {**FILE, "by": "file_check"},
    "resync": {**FILE, "by": "resync"},
    "a drift check": {**CHECK, "by": "drift"},
    "the sweep": {**CHECK, "by": "sweep"},
    "an order to check": {"action": "check", "partner": "acme"},
}


@pytest.mark.parametrize("look", LOOKS)
def test_looking_again_confirms_nothing(granted: StackDriver, look: str) -> None:
    aws("iam").update_role(RoleName="partner-acme.main", Description="by hand")
    granted.run(LOOKS[look], LATER)
    assert ends(granted) == {END}


def test_resume_confirms_nothing(granted: StackDriver) -> None:
    granted.run({**ORDER, "action": "suspend"}, LATER)
    assert granted.run({**ORDER, "action": "resume"}, LATER + DAY).outcome == "updated"
    assert ends(granted) == {END}
