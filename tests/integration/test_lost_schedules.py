"""A schedule that is lost is found without a call per grant, and put back by a check."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.kit.examples import NOW
from tests.kit.stack.aws import GROUP, aws
from tests.kit.stack.driver import House
from tests.kit.stack.many_grants import crowd, schedule_each

EXPIRY = datetime(2030, 1, 1, tzinfo=UTC)


def _lose(name: str = "acme.main") -> None:
    aws("scheduler").delete_schedule(Name=name, GroupName=GROUP)


def _look(house: House, hours: int) -> list[str]:
    """Those of which a check was started, some hours later, when all earlier ones have ended."""
    found = _found(house, NOW + timedelta(hours=hours))
    house.end_runs()
    return found


def _found(house: House, when: datetime = NOW) -> list[str]:
    return list(house.invoke("check_drift", {}, when)["unscheduled"])


def test_lost_schedule_is_found_and_put_back(house: House) -> None:
    house.granted()
    _lose()
    assert _found(house) == ["acme.main"]
    (check,) = house.started()
    run = house.run(check)
    assert [change["action"] for change in run.result["changes"]] == ["PutSchedule"]
    assert (run.iam_writes, house.schedules()) == ([], ["acme.main"])


def test_schedule_that_somebody_switched_off_counts_as_lost(house: House) -> None:
    house.granted()
    kept = aws("scheduler").get_schedule(Name="acme.main", GroupName=GROUP)
    fields = ("Name", "GroupName", "ScheduleExpression", "FlexibleTimeWindow", "Target")
    off = {field: kept[field] for field in fields}
    aws("scheduler").update_schedule(**off, State="DISABLED")
    assert _found(house) == ["acme.main"]
    house.run(house.started()[0])
    found = aws("scheduler").get_schedule(Name="acme.main", GroupName=GROUP)
    assert (found["State"], found["ScheduleExpression"]) == ("ENABLED", kept["ScheduleExpression"])


def test_nothing_is_started_while_every_schedule_is_there(house: House) -> None:
    house.granted()
    assert _found(house) == []
    assert house.started() == []


def test_suspended_grant_needs_its_schedule_too(house: House) -> None:
    house.granted()
    house.run({"action": "suspend", "partner": "acme"})
    _lose()
    assert _found(house) == ["acme.main"]


def test_grant_whose_schedule_just_fired_is_not_called_lost(house: House) -> None:
    house.granted()
    _lose()
    assert _found(house, EXPIRY) == []


def test_ended_grant_has_no_schedule_and_is_not_called_lost(house: House) -> None:
    house.granted()
    house.run({"action": "revoke", "partner": "acme"})
    assert house.schedules() == []
    assert _found(house) == []


def test_schedule_of_another_group_does_not_count(house: House) -> None:
    house.granted()
    kept = aws("scheduler").get_schedule(Name="acme.main", GroupName=GROUP)
    _lose()
    aws("scheduler").create_schedule(
        Name="acme.main",
        GroupName="default",
        ScheduleExpression=kept["ScheduleExpression"],
        FlexibleTimeWindow={"Mode": "OFF"},
        Target=kept["Target"],
    )
    assert _found(house) == ["acme.main"]


def test_grant_whose_check_failed_is_looked_at_again_the_next_day(house: House) -> None:
    names = crowd(1, due=0, status="failed")
    found = [_look(house, hours) for hours in (0, 1, 24)]
    assert found == [names, [], names]


def test_two_of_two_hundred_and_fifty_are_found_in_pages(house: House) -> None:
    names = crowd(250, due=0)
    schedule_each(names)
    for name in (lost := [names[7], names[240]]):
        _lose(name)
    house.calls.clear()
    assert _found(house) == sorted(lost)
    assert house.calls.count("scheduler:ListSchedules") == 3
    assert house.calls.count("dynamodb:Query") == 1
    assert "scheduler:GetSchedule" not in house.calls


def test_checks_are_bounded_and_the_rest_follows(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SWEEP_LIMIT", "20")
    names, found = crowd(50, due=0), []
    for hour in range(4):
        found.append(_look(house, hour))
        schedule_each(found[-1])
    assert [len(started) for started in found] == [20, 20, 10, 0]
    assert sorted(name for started in found for name in started) == sorted(names)


def test_sweep_itself_lists_no_schedules(house: House) -> None:
    house.granted()
    house.calls.clear()
    house.invoke("sweep_grants", {})
    assert "scheduler:ListSchedules" not in house.calls
