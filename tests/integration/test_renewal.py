"""A renewed grant lives on: whatever comes first, the upload, its run or the old expiry."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from latchkey.runtime import clients
from tests.kit.access import Access
from tests.kit.stack.aws import FILE, GROUP, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.world import World

EXPIRY = datetime(2030, 1, 1, tzinfo=UTC)
CHECK = {"action": "check", "partner": "acme", "grant": "main", "by": "schedule"}
RENEWED = "2031-01-01T00:00:00Z"
SECOND = timedelta(seconds=1)
AROUND = {"1 s before": -SECOND, "at": 0 * SECOND, "1 s after": SECOND}
ROLE = "partner-acme.main"
READ = "s3:GetObject", "arn:aws:s3:::data-bucket/in/a"


def _access() -> Access:
    return Access(aws("iam"), ROLE, "acme-7f3b2c91")


def _works(now: datetime) -> bool:
    access = _access()
    return access.opens(now) and access.works(now, *READ)


def _scheduled_at() -> dict[str, str]:
    """All schedules of the group that are switched on, with when they fire."""
    scheduler = aws("scheduler")
    names = [found["Name"] for found in scheduler.list_schedules(GroupName=GROUP)["Schedules"]]
    found = {name: scheduler.get_schedule(Name=name, GroupName=GROUP) for name in names}
    on = {name: schedule for name, schedule in found.items() if schedule["State"] == "ENABLED"}
    return {name: schedule["ScheduleExpression"] for name, schedule in on.items()}


MOVED = {"acme.main": "at(2031-01-01T00:00:00)"}


def _partner_roles() -> list[str]:
    return [r["RoleName"] for r in aws("iam").list_roles(PathPrefix="/partners/")["Roles"]]


@pytest.mark.parametrize("moment", AROUND.values(), ids=AROUND)
@pytest.mark.parametrize("first", [FILE, CHECK], ids=["upload runs first", "schedule runs first"])
def test_role_outlives_its_old_expiry_once_the_renewal_is_uploaded(
    stack: StackDriver, moment: timedelta, first: Any
) -> None:
    stack.granted()
    before, now = _access().role_id, EXPIRY + moment
    stack.upload(expires_at=RENEWED)
    second = CHECK if first is FILE else FILE
    outcomes = [stack.run(request, now).outcome for request in (first, second)]
    assert outcomes == ["updated", "unchanged"]
    assert (_access().role_id, _partner_roles()) == (before, [ROLE])
    assert _scheduled_at() == MOVED
    assert _works(now + timedelta(days=300))
    assert stack.history() == ["AccessGranted", "AccessUpdated"]


@pytest.mark.parametrize("moment", AROUND.values(), ids=AROUND)
def test_grant_is_alive_when_its_renewal_meets_the_schedule_that_fires(
    stack: StackDriver, moment: timedelta
) -> None:
    """The whole machinery; uploaded 1 s after, the role is gone already and is made anew."""
    world = World(stack)
    world.upload()
    world.settle()
    before = _access().role_id
    world.settle(until=EXPIRY + moment - timedelta(milliseconds=100))
    gone = stack.role() is None
    world.upload(expires_at=RENEWED)
    world.settle()
    world.settle(until=EXPIRY + timedelta(hours=1))
    assert (stack.grant()["status"], _partner_roles()) == ("active", [ROLE])
    assert (_access().role_id == before) is not gone
    assert ("AccessExpired" in stack.history()) is gone
    assert (gone, _scheduled_at()) == (moment > 0 * SECOND, MOVED)
    assert _works(EXPIRY + timedelta(hours=1))


def test_renewal_uploaded_while_the_old_expiry_is_at_work_is_granted_anew(
    stack: StackDriver,
) -> None:
    stack.granted()

    def renew(step: str, _: Any) -> None:
        if step == "revoke_access":
            stack.upload(expires_at=RENEWED)

    assert stack.run(CHECK, EXPIRY, before=renew).outcome == "expired"
    assert stack.run(FILE, EXPIRY).outcome == "created"
    assert _works(EXPIRY + SECOND)
    assert _scheduled_at() == MOVED


def test_old_expiry_waits_for_a_renewal_at_work_and_then_changes_nothing(
    stack: StackDriver,
) -> None:
    stack.granted()
    stack.upload(expires_at=RENEWED)
    waited: list[str] = []

    def fire(step: str, _: Any) -> None:
        if step == "grant_access":
            state = stack.state(CHECK)
            with pytest.raises(Exception, match="another run is at work") as busy:
                stack.invoke("plan_grant", state, EXPIRY)
            waited.append(busy.type.__name__)

    assert stack.run(FILE, EXPIRY - SECOND, before=fire).outcome == "updated"
    assert waited == ["GrantBusy"]
    assert stack.run(CHECK, EXPIRY).iam_writes == []
    assert _works(EXPIRY + SECOND)


class Witness:
    """Looks after every single write of Latchkey whether the grant works."""

    def __init__(self, works: Callable[[], bool]) -> None:
        self._works = works
        self.seen: list[tuple[str, bool]] = []
        for service in ("iam", "scheduler"):
            events = clients.client(service).meta.events
            events.register(f"after-call.{service}", self._look, unique_id="witness")

    def _look(self, model: Any, **_: Any) -> None:
        if not model.name.startswith(("Get", "List")):
            self.seen.append((model.name, self._works()))

    def close(self) -> None:
        """Look no more."""
        for service in ("iam", "scheduler"):
            events = clients.client(service).meta.events
            events.unregister(f"after-call.{service}", unique_id="witness")


def test_grant_works_after_every_write_of_its_renewal(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(expires_at=RENEWED)
    last = EXPIRY - SECOND
    witness = Witness(lambda: _works(last))
    stack.run(FILE, last)
    witness.close()
    assert witness.seen == [
        ("CreateSchedule", True),  # it is there: answered by a conflict, and so moved
        ("UpdateSchedule", True),
        ("PutRolePolicy", True),
        ("UpdateAssumeRolePolicy", True),
    ]


def test_schedule_is_moved_before_the_policies_so_that_the_old_one_wakes_nobody(
    stack: StackDriver,
) -> None:
    stack.granted()
    stack.upload(expires_at=RENEWED)
    run = stack.run(FILE)
    writes = [call for call in run.writes if call.split(":")[0] in ("iam", "scheduler")]
    assert writes == [
        "scheduler:CreateSchedule",
        "scheduler:UpdateSchedule",
        "iam:PutRolePolicy",
        "iam:UpdateAssumeRolePolicy",
    ]


@pytest.mark.parametrize(
    ("end", "outcome"),
    [("remove", "revoked"), ("order", "revoked"), ("expire", "expired")],
)
def test_schedule_goes_with_the_grant(stack: StackDriver, end: str, outcome: str) -> None:
    stack.granted()
    assert list(_scheduled_at()) == ["acme.main"]
    match end:
        case "remove":
            stack.remove()
            run = stack.run(FILE)
        case "order":
            run = stack.run({**CHECK, "action": "revoke", "by": None})
        case _:
            run = stack.run(CHECK, EXPIRY)
    assert (run.outcome, _scheduled_at()) == (outcome, {})


def test_role_that_starts_later_opens_at_its_start_and_not_before(stack: StackDriver) -> None:
    start = datetime(2027, 6, 1, tzinfo=UTC)
    stack.granted(starts_at="2027-06-01T00:00:00Z")
    assert [_access().opens(start + s * SECOND) for s in (-1, 0)] == [False, True]
    assert [_access().works(start + s * SECOND, *READ) for s in (-1, 0)] == [False, True]


def test_documents_end_both_the_door_and_what_is_behind_it_at_the_second(
    stack: StackDriver,
) -> None:
    stack.granted()
    assert [_access().opens(EXPIRY + s * SECOND) for s in (-1, 0, 1)] == [True, False, False]
    assert [_access().works(EXPIRY + s * SECOND, *READ) for s in (-1, 0, 1)] == [
        True,
        False,
        False,
    ]
    assert not _access().opens(EXPIRY - SECOND, account="111122223333")
    assert not Access(aws("iam"), ROLE, "another-id").opens(EXPIRY - SECOND)
