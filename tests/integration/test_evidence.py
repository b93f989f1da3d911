"""What is on record of an end of access: by what, what was read back and when, and how late."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.kit.examples import NOW
from tests.kit.stack.aws import FILE, GROUP, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.run import Run
from tests.kit.template import properties

EXPIRY = datetime(2030, 1, 1, tzinfo=UTC)
LATE = EXPIRY + timedelta(seconds=42)
CHECK = {"action": "check", "partner": "acme", "grant": "main"}
OLD_SCHEDULE = {**CHECK, "reason": "expiry schedule"}
"""The input of a schedule that was put before checks said by whom they are."""


def _last_event(stack: StackDriver) -> dict[str, Any]:
    events = (item for item in stack.items() if item["sk"].startswith("EVENT#"))
    return max(events, key=lambda item: item["sk"])


def _scheduled() -> Any:
    schedule = aws("scheduler").get_schedule(Name="acme.main", GroupName=GROUP)
    return json.loads(schedule["Target"]["Input"])


def _by_schedule(stack: StackDriver) -> Run:
    return stack.run(_scheduled(), LATE)


def _by_sweep(stack: StackDriver) -> Run:
    stack.invoke("sweep_grants", {}, LATE)
    return stack.run(stack.started()[0], LATE)


EXPIRIES: dict[str, Callable[[StackDriver], Run]] = {
    "schedule": _by_schedule,
    "sweep": _by_sweep,
    "drift": lambda stack: stack.run({**CHECK, "by": "drift"}, LATE),
    "order": lambda stack: stack.run(CHECK, LATE),
    "file": lambda stack: stack.run(FILE, LATE),
}


@pytest.mark.parametrize("layer", EXPIRIES)
def test_expiry_says_by_what_and_how_late_the_role_was_seen_to_be_gone(
    stack: StackDriver, layer: str
) -> None:
    stack.granted()
    EXPIRIES[layer](stack)
    event = _last_event(stack)
    assert event["event"] == "AccessExpired"
    for told in (event, stack.result()):
        assert (told["ended_by"], told["late_seconds"]) == (layer, 42)
        assert told["verified"] == {"role": "absent", "read_at": "2030-01-01T00:00:42Z"}


def test_schedule_from_before_an_update_ends_its_grant_and_is_named(stack: StackDriver) -> None:
    stack.granted()
    assert stack.run(OLD_SCHEDULE, LATE).result["ended_by"] == "schedule"


def test_evidence_is_as_old_as_the_reading_and_not_as_the_run(stack: StackDriver) -> None:
    stack.granted()
    state = stack.state({**CHECK, "by": "schedule"})
    state["plan"] = stack.invoke("plan_grant", state, LATE)
    state["applied"] = stack.invoke("revoke_access", state, LATE + timedelta(seconds=60))
    state["result"] = stack.invoke("record_outcome", state, LATE + timedelta(seconds=120))
    result = stack.whole_result(state)
    assert (result["recorded_at"][:19], result["late_seconds"]) == ("2030-01-01T00:00:42", 102)


REVOCATIONS = {
    "file": FILE,
    "order": {**CHECK, "action": "revoke"},
    "drift": {**CHECK, "by": "drift"},
}


@pytest.mark.parametrize("layer", REVOCATIONS)
def test_revocation_says_by_what_and_is_never_late(stack: StackDriver, layer: str) -> None:
    stack.granted()
    if layer != "order":
        stack.remove()
    run = stack.run(REVOCATIONS[layer])
    assert (run.outcome, run.result["ended_by"]) == ("revoked", layer)
    assert run.result["late_seconds"] is None
    assert run.result["verified"]["read_at"] == "2026-01-15T12:00:00Z"
    assert "late_seconds" not in _last_event(stack)


def test_follow_up_of_a_file_says_that_it_was_a_file(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(grant="second")
    stack.run(FILE)
    (follow_up,) = stack.started()
    assert stack.run(follow_up).result["ended_by"] == "file"


def test_what_did_not_end_says_nothing_of_an_end(stack: StackDriver) -> None:
    run = stack.granted()
    assert (run.result["ended_by"], run.result["late_seconds"]) == (None, None)
    assert run.result["verified"]["read_at"] == "2026-01-15T12:00:00Z"


def test_run_that_was_planned_before_an_update_is_recorded_without_by(stack: StackDriver) -> None:
    stack.granted()
    state = stack.state({**CHECK, "by": "schedule"})
    state["plan"] = stack.invoke("plan_grant", state, LATE)
    state = stack.with_plan(state, by=None)
    state["applied"] = stack.invoke("revoke_access", state, LATE)
    del state["applied"]["verified"]["read_at"]
    stack.invoke("record_outcome", state, LATE)
    result = stack.result()
    assert (result["outcome"], result["ended_by"]) == ("expired", None)
    assert result["late_seconds"] is None


def _metric(text: str, name: str) -> list[float]:
    lines = [json.loads(line) for line in text.splitlines() if f'"{name}"' in line]
    return [value for line in lines for value in line.get(name, [])]


def test_lateness_is_a_metric_of_expiries_only(
    stack: StackDriver, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.granted()
    stack.run({**CHECK, "by": "schedule"}, LATE)
    assert _metric(capsys.readouterr().out, "SecondsFromExpiryToRemoval") == [42]
    stack.upload(expires_at="2032-01-01T00:00:00Z")
    stack.run(FILE, LATE)
    stack.remove()
    assert stack.run(FILE, LATE).outcome == "revoked"
    assert _metric(capsys.readouterr().out, "SecondsFromExpiryToRemoval") == []


def test_alarm_watches_the_age_of_the_oldest_overdue_grant() -> None:
    alarm = properties("OverdueAlarm")
    assert (alarm["MetricName"], alarm["Threshold"]) == ("OldestOverdueSeconds", 900)
    assert (alarm["Namespace"], alarm["Statistic"]) == ("Latchkey", "Maximum")
    assert alarm["Dimensions"] == [{"Name": "service", "Value": {"Ref": "AWS::StackName"}}]


@pytest.mark.parametrize(("now", "age"), [(NOW, 0), (EXPIRY, 0), (LATE, 42)])
def test_sweep_measures_how_long_the_oldest_is_overdue(
    stack: StackDriver, capsys: pytest.CaptureFixture[str], now: datetime, age: int
) -> None:
    stack.granted()
    stack.upload(None, "partners/b.json", grant="later", expires_at="2030-01-01T00:00:30Z")
    stack.run({**FILE, "key": "partners/b.json"})
    capsys.readouterr()
    stack.invoke("sweep_grants", {}, now)
    assert _metric(capsys.readouterr().out, "OldestOverdueSeconds") == [age]
