"""Nobody extends a grant without the right to: by a late order, a copy, another file, or a rule."""

import json
from datetime import timedelta
from typing import Any

import pytest

from latchkey.times import instant
from tests.integration.test_confirm import (
    CHECK,
    DAY,
    DAYS,
    END,
    LATER,
    NEXT_END,
    ORDER,
    body,
    confirm,
    ends,
    granted,
)
from tests.kit.examples import NOW
from tests.kit.stack.aws import FILE, KEY, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.run import Run

__all__ = ["granted"]


def _refused(run: Run) -> str:
    assert (run.outcome, run.paths, run.iam_writes) == ("rejected", ["/action"], [])
    return str(run.result["problems"][0]["message"])


@pytest.mark.parametrize("action", ["suspend", "revoke"])
def test_after_an_order_that_takes_away_nobody_confirms(granted: StackDriver, action: str) -> None:
    granted.run({**ORDER, "action": action}, LATER)
    before = granted.grant()
    assert _refused(confirm(granted, LATER + DAY))
    assert granted.grant() == before
    assert granted.history()[-1] == "OrderRejected"


@pytest.mark.parametrize("seconds", [0, 1, 3600])
def test_after_the_end_nobody_confirms(granted: StackDriver, seconds: int) -> None:
    """Whether the role is gone yet or not: its policies allow nothing since."""
    late = NOW + DAYS * DAY + timedelta(seconds=seconds)
    assert "cannot be confirmed" in _refused(confirm(granted, late))
    assert ends(granted) == {END}
    assert granted.run(CHECK, late).outcome == "expired"
    assert "expired" in _refused(confirm(granted, late))
    assert granted.role() is None


def test_last_second_is_in_time(granted: StackDriver) -> None:
    assert confirm(granted, NOW + DAYS * DAY - timedelta(seconds=1)).outcome == "confirmed"
    assert granted.run(CHECK, NOW + DAYS * DAY).iam_writes == []


def test_order_counts_from_when_it_was_given(granted: StackDriver) -> None:
    """An execution that waited, or is run again, moves the end no further."""
    state = granted.state({**ORDER, "action": "confirm"})
    state["execution"]["start_time"] = LATER.isoformat()
    planned = granted.invoke("plan_grant", state, LATER + 5 * DAY)
    plan = granted.whole_plan({**state, "plan": planned})
    assert plan["state"]["expires_at"] == NEXT_END


def test_order_from_before_an_incident_does_not_count_after_it(granted: StackDriver) -> None:
    """Whoever gave it did not know; an execution that failed can be redriven for two weeks."""
    granted.run({**ORDER, "action": "suspend"}, LATER + DAY)
    granted.run({**ORDER, "action": "resume"}, LATER + 2 * DAY)
    state = granted.state({**ORDER, "action": "confirm"})
    state["execution"]["start_time"] = LATER.isoformat()
    assert granted.invoke("plan_grant", state, LATER + 3 * DAY)["outcome"] == "rejected"


def test_order_that_finds_a_wider_version_is_told_as_what_it_did(granted: StackDriver) -> None:
    """The upload's own run finds nothing left to do: no other entry would say that it widened."""
    wider = [{"service": "s3", "bucket": "data-bucket", "allow": "read-write"}]
    granted.upload(body(access=wider))
    run = confirm(granted)
    assert (run.outcome, run.result["order"]) == ("updated", "confirm")
    assert granted.history() == ["AccessGranted", "AccessUpdated"]
    granted.upload(body(access=wider, max_session_duration=3600))
    assert confirm(granted, LATER + DAY).outcome == "confirmed", "a copy is no other content"


def test_order_from_before_the_last_one_moves_nothing(granted: StackDriver) -> None:
    confirm(granted, LATER)
    state = granted.state({**ORDER, "action": "confirm"})
    state["execution"]["start_time"] = (LATER - DAY).isoformat()
    assert granted.invoke("plan_grant", state, LATER + DAY)["step"] == "done"
    assert ends(granted) == {NEXT_END}


def test_fixed_end_cannot_be_confirmed(stack: StackDriver) -> None:
    stack.guard(max_confirm_days=90)
    stack.granted()
    assert "latchkey renew" in _refused(confirm(stack))
    assert ends(stack) == {"2030-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("rules", "rule"),
    [
        ({}, "max_confirm_days"),
        ({"max_confirm_days": 29}, "max_confirm_days"),
        ({"max_confirm_days": 90, "max_grant_days": 29}, "max_grant_days"),
    ],
)
def test_guardrails_say_whether_and_how_often(
    stack: StackDriver, rules: dict[str, Any], rule: str
) -> None:
    stack.guard(**rules)
    stack.upload(body())
    run = stack.run(FILE)
    assert (run.outcome, run.paths) == ("rejected", ["/confirm_every_days"])
    assert f"guardrail {rule}: " in run.result["problems"][0]["message"]


@pytest.mark.parametrize("rules", [{}, {"max_confirm_days": 7}])
def test_guardrail_that_was_lowered_since_is_found_and_nobody_confirms(
    granted: StackDriver, rules: dict[str, Any]
) -> None:
    granted.guard(**rules)
    run = confirm(granted)
    assert (run.outcome, run.paths, run.iam_writes) == ("rejected", ["/confirm_every_days"], [])
    granted.run({**CHECK, "by": "drift"}, LATER)
    assert "max_confirm_days" in str(granted.grant()["findings"])
    assert ends(granted) == {END}
    assert granted.run(CHECK, NOW + DAYS * DAY).outcome == "expired"


def test_from_a_fixed_end_and_back(granted: StackDriver) -> None:
    granted.upload()
    assert granted.run(FILE, LATER).outcome == "updated"
    assert ends(granted) == {"2030-01-01T00:00:00Z"}
    assert granted.grant()["confirmed_at"] is None
    granted.upload(body())
    assert granted.run(FILE, LATER + DAY).outcome == "updated"
    assert ends(granted) == {instant(LATER + DAY + DAYS * DAY)}


def test_exactly_one_says_how_access_ends(stack: StackDriver) -> None:
    stack.guard(max_confirm_days=90)
    for changes, path in (
        ({"expires_at": "2030-01-01T00:00:00Z"}, "/confirm_every_days"),
        ({"confirm_every_days": None}, "/expires_at"),
        ({"confirm_every_days": 0}, "/confirm_every_days"),
        ({"confirm_every_days": "30"}, "/confirm_every_days"),
        ({"starts_at": "2099-01-01T00:00:00Z"}, "/starts_at"),
    ):
        stack.upload(body(**changes))
        assert stack.run(FILE).paths == [path], changes


def test_another_file_with_the_same_grant_confirms_nothing(granted: StackDriver) -> None:
    other = {**FILE, "key": "partners/other.json"}
    granted.upload(body(purpose="Mine"), "partners/other.json")
    assert granted.run(other, LATER).outcome == "rejected"
    assert ends(granted) == {END}


def test_renamed_file_confirms_nothing(granted: StackDriver) -> None:
    granted.upload(body(), "partners/renamed.json")
    granted.remove(KEY)
    granted.run(FILE, LATER)
    granted.run({**FILE, "key": "partners/renamed.json"}, LATER)
    assert ends(granted) == {END}
    assert granted.grant()["config_key"] == "partners/renamed.json"


def test_invalid_version_confirms_nothing_and_the_order_still_does(granted: StackDriver) -> None:
    granted.upload(body(purpose=""))
    granted.run(FILE, LATER)
    assert ends(granted) == {END}
    assert confirm(granted).outcome == "confirmed"
    assert ends(granted) == {NEXT_END}


def test_order_for_a_file_that_was_removed_ends_the_grant(granted: StackDriver) -> None:
    granted.remove()
    assert confirm(granted).outcome == "revoked"


def test_what_was_taken_away_by_hand_stays_so(granted: StackDriver) -> None:
    deny = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    aws("iam").put_role_policy(
        RoleName="partner-acme.main", PolicyName="incident", PolicyDocument=document
    )
    confirm(granted)
    names = aws("iam").list_role_policies(RoleName="partner-acme.main")["PolicyNames"]
    assert "incident" in names


def test_inline_grant(stack: StackDriver) -> None:
    stack.guard(max_confirm_days=90)
    request = {"config": json.loads(body())}
    assert stack.run(request).outcome == "created"
    stack.run(request, NOW + DAY)
    assert ends(stack) == {END}, "the same config once more confirms nothing"
    assert confirm(stack).outcome == "confirmed"
    stack.run({**CHECK, "by": "drift"}, LATER + DAY)
    assert ends(stack) == {NEXT_END}


@pytest.mark.parametrize("whom", [{"partner": "acme", "grant": "*"}, {"partner": "*"}])
def test_one_grant_at_a_time(granted: StackDriver, whom: dict[str, str]) -> None:
    run = confirm(granted, LATER, **whom)
    assert run.outcome == "rejected"
    assert "one grant at a time" in str(run.result["problems"])
    assert ends(granted) == {END}
