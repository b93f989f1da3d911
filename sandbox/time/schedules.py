"""EventBridge Scheduler: when each schedule is due, and what it starts."""

import re
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from moto.scheduler.models import scheduler_backends

from sandbox.account import ACCOUNT, region_of
from sandbox.time.clock import Clock, rfc3339

MOST_RUNS = 12  # of a recurring schedule in one move of the clock; earlier runs are skipped
_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_AT = re.compile(r"at\((.+)\)")
_FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Due:
    """A schedule that is due; its expression may change before it fires."""

    moment: datetime
    schedule: Any
    expression: str


class Work(Protocol):
    """What schedules start; `compute.runtime.Runtime` in the sandbox."""

    def start(self, arn: str, given: str, role_arn: str, source_arn: str) -> None:
        """Start a target with its input, a JSON text, under a role, for a source."""

    def await_idle(self) -> None:
        """Wait until everything that was started is done."""


class Schedules:
    """Fires due schedules in order, one at a time."""

    def __init__(self, clock: Clock, work: Work) -> None:
        self._clock, self._work = clock, work
        self._lock = threading.Lock()
        self._last: dict[tuple[str, str], datetime] = {}  # by ARN and expression

    def advance(self, seconds: float) -> datetime:
        """Move the clock, stopping whenever a schedule is due; answers the new time."""
        with self._lock:
            end = self._clock.now() + timedelta(seconds=seconds)
            self._work.await_idle()
            while due := self._next(end):
                self._clock.move_to(due.moment)
                self._fire(due)
                self._work.await_idle()
            self._clock.move_to(end)
            self._work.await_idle()
            return self._clock.now()

    def tick(self) -> None:
        """Fire the schedules that became due as real time passed."""
        with self._lock:
            while due := self._next(self._clock.now()):
                self._fire(due)

    def _next(self, end: datetime) -> Due | None:
        enabled = [(schedule, schedule.schedule_expression) for schedule in _enabled()]
        found = [Due(self._moment(s, expression, end), s, expression) for s, expression in enabled]
        return min(
            (due for due in found if due.moment <= end), key=lambda due: due.moment, default=None
        )

    def _moment(self, schedule: Any, expression: str, end: datetime) -> datetime:
        """The next time a schedule is due; the first runs of a recurring one may be skipped."""
        last = self._last.get((schedule.arn, expression))
        if at := _AT.fullmatch(expression):
            return _FOREVER if last else _at(at[1], schedule.schedule_expression_timezone)
        rate = _RATE.fullmatch(expression)
        if not rate:
            return _FOREVER  # cron(): see README
        period = timedelta(**{f"{rate[2]}s": int(rate[1])})
        last = last or datetime.fromtimestamp(schedule.creation_date, UTC)
        skipped = max(0, (end - last) // period - MOST_RUNS)
        return last + period * (skipped + 1)

    def _fire(self, due: Due) -> None:
        schedule = due.schedule
        self._last[(schedule.arn, due.expression)] = due.moment
        self._start(schedule, due.moment)
        done = due.expression.startswith("at(") and due.expression == schedule.schedule_expression
        if done and schedule.action_after_completion == "DELETE":
            group = _group(schedule)
            if group.schedules.get(schedule.name) is schedule:
                group.delete_schedule(schedule.name)

    def _start(self, schedule: Any, moment: datetime) -> None:
        target, group = schedule.target, _group(schedule)
        given = str(target.get("Input") or "{}")
        given = given.replace("<aws.scheduler.scheduled-time>", rfc3339(moment))
        try:
            # The source is a schedule's group, not the schedule (Scheduler user guide).
            self._work.start(target["Arn"], given, target["RoleArn"], group.arn)
        except Exception:  # noqa: BLE001 (a target that is not there must not stop the clock)
            traceback.print_exc()


def run_ticker(schedules: Schedules) -> Callable[[], None]:
    """Fire due schedules every second; answers a function that stops this."""
    stopped = threading.Event()

    def run() -> None:
        while not stopped.wait(1.0):
            schedules.tick()

    threading.Thread(target=run, daemon=True).start()
    return stopped.set


def _group(schedule: Any) -> Any:
    return scheduler_backends[ACCOUNT][region_of(schedule.arn)].schedule_groups[schedule.group_name]


def _enabled() -> list[Any]:
    """The schedules of all regions that are enabled."""
    regions = [list(one.schedule_groups.values()) for one in _backends()]
    groups = [list(group.schedules.values()) for groups in regions for group in groups]
    return [found for group in groups for found in group if found.state == "ENABLED"]


def _backends() -> list[Any]:
    return list(scheduler_backends[ACCOUNT].values())


@cache
def _at(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
