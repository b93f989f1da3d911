"""Each of the three layers of expiry is enough alone; the record says by what access ended."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from latchkey.times import parse_instant
from sandbox.demo.people import Partner, Session
from tests.e2e.conftest import Case
from tests.kit.access import Access
from tests.kit.outside import Outside, eventually

pytestmark = pytest.mark.e2e

SECOND = timedelta(seconds=1)
GROUP = "latchkey-grants"


@pytest.fixture
def hour(case: Case, outside: Outside) -> Case:
    """A grant that expires in an hour."""
    case.expires_at = outside.in_(hours=1)
    outside.upload(case.key, case.config())
    return case


@contextmanager
def _disabled(outside: Outside, group: str) -> Iterator[None]:
    """All schedules of a group switched off, as somebody might do; then on again."""
    names = _names(outside, group)
    _switch(outside, group, names, "DISABLED")
    try:
        yield
    finally:
        _switch(outside, group, [name for name in names if name in _names(outside, group)])


def _names(outside: Outside, group: str) -> list[str]:
    pages = outside.scheduler.get_paginator("list_schedules").paginate(GroupName=group)
    return [schedule["Name"] for page in pages for schedule in page["Schedules"]]


def _switch(outside: Outside, group: str, names: list[str], state: str = "ENABLED") -> None:
    kept = ("ScheduleExpression", "ScheduleExpressionTimezone", "Target", "ActionAfterCompletion")
    for name in names:
        found = outside.scheduler.get_schedule(Name=name, GroupName=group)
        outside.scheduler.update_schedule(
            Name=name,
            GroupName=group,
            State=state,
            FlexibleTimeWindow={"Mode": "OFF"},
            **{key: found[key] for key in kept if key in found},
        )


@pytest.fixture
def no_sweep(outside: Outside) -> Iterator[None]:
    """Neither the sweep nor the drift check runs."""
    with _disabled(outside, "default"):
        yield


@pytest.fixture
def no_repair(outside: Outside) -> Iterator[None]:
    """The sweep runs, but no check of roles or files, which would put the schedule back."""
    names = ["latchkey-drift", "latchkey-files"]
    _switch(outside, "default", names, "DISABLED")
    outside.box.advance(0)  # a check that had begun, for the clock of other tests, has ended then
    yield
    _switch(outside, "default", names)


def _lose(outside: Outside, case: Case) -> None:
    outside.scheduler.delete_schedule(Name=f"{case.partner}.main", GroupName=GROUP)


def _disable(outside: Outside, case: Case) -> None:
    _switch(outside, GROUP, [f"{case.partner}.main"], "DISABLED")


def _until(outside: Outside, moment: datetime) -> None:
    """Move the clock to a moment, if it is not past."""
    outside.box.advance(max(0.0, (moment - outside.box.now()).total_seconds()))


def _last_event(outside: Outside, case: Case) -> dict[str, Any]:
    items = outside.history(f"{case.partner}.main")
    return [item for item in items if item["sk"].startswith("EVENT#")][-1]


def _refused(call: Callable[[], Any]) -> bool:
    try:
        call()
    except ClientError as error:
        return error.response["Error"]["Code"] == "AccessDenied"
    return False


def _enter(outside: Outside, case: Case) -> Session:
    arn = outside.state(case.partner)["role_arn"]
    return Partner(outside.box.url).assume(arn, f"external-{case.partner}")


@pytest.mark.usefixtures("no_sweep")
@pytest.mark.parametrize("switch_off", [_lose, _disable], ids=["deleted", "disabled"])
def test_documents_alone_deny_after_expiry(
    outside: Outside, hour: Case, switch_off: Callable[[Outside, Case], None]
) -> None:
    switch_off(outside, hour)
    expiry = parse_instant(hour.expires_at)
    _until(outside, expiry - timedelta(seconds=60))
    session = _enter(outside, hour)
    session.write(hour.bucket, "in/a", "b")
    _until(outside, expiry + SECOND)
    assert _refused(lambda: session.write(hour.bucket, "in/a", "c"))
    assert _refused(lambda: session.read(hour.bucket, "in/a"))
    assert _refused(lambda: _enter(outside, hour))
    _until(outside, expiry + timedelta(hours=2))
    assert outside.role(hour.role) is not None, "nothing of ours ran"
    assert outside.events(hour.partner) == ["AccessGranted"]


def test_documents_in_iam_end_at_the_second_for_new_and_for_issued_sessions(
    outside: Outside, hour: Case
) -> None:
    access = Access(outside.iam, hour.role, f"external-{hour.partner}")
    expiry, seconds = parse_instant(hour.expires_at), (-1, 0, 1)
    read = "s3:GetObject", f"arn:aws:s3:::{hour.bucket}/in/a"
    assert [access.opens(expiry + s * SECOND) for s in seconds] == [True, False, False]
    assert [access.works(expiry + s * SECOND, *read) for s in seconds] == [True, False, False]


@pytest.mark.usefixtures("no_repair")
def test_sweep_alone_revokes_when_the_schedule_is_lost(outside: Outside, hour: Case) -> None:
    _lose(outside, hour)
    _until(outside, parse_instant(hour.expires_at) + timedelta(minutes=6))
    event = _last_event(outside, hour)
    assert outside.role(hour.role) is None
    assert (event["event"], event["ended_by"]) == ("AccessExpired", "sweep")
    assert 0 <= int(event["late_seconds"]) <= 330
    assert event["verified"]["role"] == "absent"


@pytest.mark.usefixtures("no_sweep")
def test_schedule_alone_revokes_when_the_sweep_is_off(outside: Outside, hour: Case) -> None:
    expiry = parse_instant(hour.expires_at)
    _until(outside, expiry + timedelta(seconds=30))
    event = _last_event(outside, hour)
    assert outside.role(hour.role) is None
    assert (event["event"], event["ended_by"]) == ("AccessExpired", "schedule")
    assert 0 <= int(event["late_seconds"]) <= 30
    read_at = parse_instant(event["verified"]["read_at"])
    assert expiry <= read_at <= expiry + timedelta(seconds=30)


def test_lost_schedule_is_back_within_the_hour(outside: Outside, hour: Case) -> None:
    hour.expires_at = outside.in_(hours=6)
    outside.upload(hour.key, hour.config())
    _lose(outside, hour)
    outside.box.advance(3600)
    name = f"{hour.partner}.main"
    found = outside.scheduler.get_schedule(Name=name, GroupName=GROUP)
    assert found["ScheduleExpression"] == f"at({hour.expires_at.removesuffix('Z')})"


def test_grant_that_starts_later_is_a_role_that_opens_at_its_start(
    outside: Outside, case: Case
) -> None:
    case.expires_at, start = outside.in_(hours=3), outside.in_(hours=1)
    assert outside.upload(case.key, case.config(starts_at=start))["outcome"] == "created"
    assert _refused(lambda: _enter(outside, case))
    access = Access(outside.iam, case.role, f"external-{case.partner}")
    read = "s3:GetObject", f"arn:aws:s3:::{case.bucket}/in/a"
    opens = parse_instant(start)
    assert [access.works(opens + s * SECOND, *read) for s in (-1, 0)] == [False, True]
    _until(outside, opens - timedelta(seconds=30))
    assert _refused(lambda: _enter(outside, case))
    _until(outside, opens + SECOND)
    _enter(outside, case).write(case.bucket, "in/a", "b")


def _before(outside: Outside, case: Case, renewed: dict[str, Any]) -> None:
    _until(outside, parse_instant(case.expires_at) - SECOND)
    outside.upload(case.key, renewed)


def _at(outside: Outside, case: Case, renewed: dict[str, Any]) -> None:
    """The upload is made while the clock passes the expiry."""
    expiry = parse_instant(case.expires_at)
    _until(outside, expiry - 2 * SECOND)
    passing = threading.Thread(target=_until, args=(outside, expiry + SECOND))
    passing.start()
    eventually(outside.box.now, lambda now: now >= expiry - SECOND / 10)
    outside.upload(case.key, renewed)
    passing.join()


def _after(outside: Outside, case: Case, renewed: dict[str, Any]) -> None:
    _until(outside, parse_instant(case.expires_at) + SECOND)
    outside.upload(case.key, renewed)


@pytest.mark.parametrize("renew", [_before, _at, _after], ids=["1 s before", "at", "1 s after"])
def test_renewed_grant_is_alive_whenever_the_renewal_comes(
    outside: Outside, hour: Case, renew: Callable[[Outside, Case, dict[str, Any]], None]
) -> None:
    before = Access(outside.iam, hour.role, f"external-{hour.partner}").role_id
    expiry, renewed = parse_instant(hour.expires_at), outside.in_(hours=5)
    renew(outside, hour, hour.config(expires_at=renewed))
    _until(outside, expiry + timedelta(minutes=20))
    after = Access(outside.iam, hour.role, f"external-{hour.partner}").role_id
    was_gone = "AccessExpired" in outside.events(hour.partner)
    assert outside.state(hour.partner)["status"] == "active"
    assert (after != before) is was_gone
    assert _names_of(outside, hour) == [f"{hour.partner}.main"]
    _enter(outside, hour).write(hour.bucket, "in/a", "b")
    _until(outside, parse_instant(renewed) + timedelta(seconds=30))
    assert outside.role(hour.role) is None
    assert outside.events(hour.partner)[-1] == "AccessExpired"


def _names_of(outside: Outside, case: Case) -> list[str]:
    found = outside.scheduler.list_schedules(NamePrefix=f"{case.partner}.")["Schedules"]
    return [schedule["Name"] for schedule in found]


def test_sandbox_honours_a_schedule_that_is_disabled(outside: Outside, hour: Case) -> None:
    _disable(outside, hour)
    with _disabled(outside, "default"):
        _until(outside, parse_instant(hour.expires_at) + timedelta(minutes=20))
        assert outside.events(hour.partner) == ["AccessGranted"]
    outside.box.advance(301)
    assert outside.events(hour.partner)[-1] == "AccessExpired"
