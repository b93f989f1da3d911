"""EventBridge Scheduler's side of time: what is due when, and what happens then."""

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

from sandbox.account import ACCOUNT, REGION
from sandbox.time.clock import Clock, rfc3339

MOST_RUNS = 12  # of one recurring schedule in one move of the clock: its last ones
_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_AT = re.compile(r"at\((.+)\)")
_FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Due:
    """A schedule, when it is due, and by which expression: it may be moved meanwhile."""

    moment: datetime
    schedule: Any
    expression: str


class Work(Protocol):
    """What schedules start; `compute.runtime` has it."""

    def start(self, arn: str, given: str) -> None:
        """Start a target with its input, a JSON text."""

    def await_idle(self) -> None:
        """Wait until everything that was started is done."""


class Schedules:
    """Fires what falls due, in order; at most one thread at a time does."""

    def __init__(self, clock: Clock, work: Work) -> None:
        self._clock, self._work = clock, work
        self._lock = threading.Lock()
        self._last: dict[tuple[str, str], datetime] = {}  # by ARN and expression

    def advance(self, seconds: float) -> datetime:
        """Move the clock, stopping at each moment at which something is due; answers the time."""
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
        """Fire what fell due by itself, as real time went on."""
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
        """When a schedule is next due; of a recurring one the first runs may be left out."""
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
        self._start(schedule.target, due.moment)
        done = due.expression.startswith("at(") and due.expression == schedule.schedule_expression
        if done and schedule.action_after_completion == "DELETE":
            group = _groups()[schedule.group_name]
            if group.schedules.get(schedule.name) is schedule:
                group.delete_schedule(schedule.name)

    def _start(self, target: dict[str, Any], moment: datetime) -> None:
        given = str(target.get("Input") or "{}")
        given = given.replace("<aws.scheduler.scheduled-time>", rfc3339(moment))
        try:
            self._work.start(target["Arn"], given)
        except Exception:  # noqa: BLE001 (a target that is not there must not stop the clock)
            traceback.print_exc()


def run_ticker(schedules: Schedules) -> Callable[[], None]:
    """Look every second for what falls due; answers what stops it."""
    stopped = threading.Event()

    def run() -> None:
        while not stopped.wait(1.0):
            schedules.tick()

    threading.Thread(target=run, daemon=True).start()
    return stopped.set


def _groups() -> Any:
    return scheduler_backends[ACCOUNT][REGION].schedule_groups


def _enabled() -> list[Any]:
    groups = [list(group.schedules.values()) for group in list(_groups().values())]
    return [found for group in groups for found in group if found.state == "ENABLED"]


@cache
def _at(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
