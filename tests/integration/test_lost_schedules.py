"""A schedule that is lost is found without a call per grant, and put back by a check."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.kit.examples import NOW
from tests.kit.stack.aws import GROUP, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.many_grants import crowd, schedule_each

EXPIRY = datetime(2030, 1, 1, tzinfo=UTC)


def _lose(name: str = "acme.main") -> None:
    aws("scheduler").delete_schedule(Name=name, GroupName=GROUP)


def _look(stack: StackDriver, hours: int) -> list[str]:
    """Those of which a check was started, some hours later, when all earlier ones have ended."""
    found = _found(stack, NOW + timedelta(hours=hours))
    stack.end_runs()
    return found


def _found(stack: StackDriver, when: datetime = NOW) -> list[str]:
    return list(stack.invoke("check_drift", {}, when)["unscheduled"])


def test_lost_schedule_is_found_and_put_back(stack: StackDriver) -> None:
    stack.granted()
    _lose()
    assert _found(stack) == ["acme.main"]
    (check,) = stack.started()
    run = stack.run(check)
    assert [change["action"] for change in run.result["changes"]] == ["PutSchedule"]
    assert (run.iam_writes, stack.schedules()) == ([], ["acme.main"])


def test_schedule_that_somebody_switched_off_counts_as_lost(stack: StackDriver) -> None:
    stack.granted()
    kept = aws("scheduler").get_schedule(Name="acme.main", GroupName=GROUP)
    fields = ("Name", "GroupName", "ScheduleExpression", "FlexibleTimeWindow", "Target")
    off = {field: kept[field] for field in fields}
    aws("scheduler").update_schedule(**off, State="DISABLED")
    assert _found(stack) == ["acme.main"]
    stack.run(stack.started()[0])
    found = aws("scheduler").get_schedule(Name="acme.main", GroupName=GROUP)
    assert (found["State"], found["ScheduleExpression"]) == ("ENABLED", kept["ScheduleExpression"])


def test_nothing_is_started_while_every_schedule_is_there(stack: StackDriver) -> None:
    stack.granted()
    assert _found(stack) == []
    assert stack.started() == []


def test_suspended_grant_needs_its_schedule_too(stack: StackDriver) -> None:
    stack.granted()
    stack.run({"action": "suspend", "partner": "acme"})
    _lose()
    assert _found(stack) == ["acme.main"]


def test_grant_whose_schedule_just_fired_is_not_called_lost(stack: StackDriver) -> None:
    stack.granted()
    _lose()
    assert _found(stack, EXPIRY) == []


def test_ended_grant_has_no_schedule_and_is_not_called_lost(stack: StackDriver) -> None:
    stack.granted()
    stack.run({"action": "revoke", "partner": "acme"})
    assert stack.schedules() == []
    assert _found(stack) == []


def test_schedule_of_another_group_does_not_count(stack: StackDriver) -> None:
    stack.granted()
    kept = aws("scheduler").get_schedule(Name="acme.main", GroupName=GROUP)
    _lose()
    aws("scheduler").create_schedule(
        Name="acme.main",
        GroupName="default",
        ScheduleExpression=kept["ScheduleExpression"],
        FlexibleTimeWindow={"Mode": "OFF"},
        Target=kept["Target"],
    )
    assert _found(stack) == ["acme.main"]


def test_grant_whose_check_failed_is_looked_at_again_the_next_day(stack: StackDriver) -> None:
    names = crowd(1, due=0, status="failed")
    found = [_look(stack, hours) for hours in (0, 1, 24)]
    assert found == [names, [], names]


def test_two_of_two_hundred_and_fifty_are_found_in_pages(stack: StackDriver) -> None:
    names = crowd(250, due=0)
    schedule_each(names)
    for name in (lost := [names[7], names[240]]):
        _lose(name)
    stack.calls.clear()
    assert _found(stack) == sorted(lost)
    assert stack.calls.count("scheduler:ListSchedules") == 3
    assert stack.calls.count("dynamodb:Query") == 1  # the grants; no role was used yet
    assert "scheduler:GetSchedule" not in stack.calls


def test_checks_are_bounded_and_the_rest_follows(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SWEEP_LIMIT", "20")
    names, found = crowd(50, due=0), []
    for hour in range(4):
        found.append(_look(stack, hour))
        schedule_each(found[-1])
    assert [len(started) for started in found] == [20, 20, 10, 0]
    assert sorted(name for started in found for name in started) == sorted(names)


def test_sweep_itself_lists_no_schedules(stack: StackDriver) -> None:
    stack.granted()
    stack.calls.clear()
    stack.invoke("sweep_grants", {})
    assert "scheduler:ListSchedules" not in stack.calls
