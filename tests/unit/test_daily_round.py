"""The daily round: each live grant is looked at once a day, whatever the checks between are."""

from collections import Counter
from typing import Any

import pytest

from latchkey.aws.grants_by_expiry import LiveGrant
from latchkey.errors import Throttled
from latchkey.grant_id import GrantId
from latchkey.jobs.daily_round import LONGEST_WAIT, MOST_AT_ONCE, PACE, DailyRound, turn_of
from tests.kit.examples import NOW
from tests.kit.stack.machine import reconciliation

HOUR = 3_600
START = int(NOW.timestamp())
GRANTS = [LiveGrant(GrantId("acme", f"copy-{number}")) for number in range(500)]


class _Cursor:
    def __init__(self) -> None:
        self.reached: int | None = None

    def read(self) -> int | None:
        return self.reached

    def write(self, until: int) -> None:
        self.reached = until


class _Workflow:
    def __init__(self) -> None:
        self.started: dict[str, Any] = {}
        self.room = 10**9

    def start(self, name: str, request: dict[str, Any]) -> bool:
        if self.room == 0:
            raise Throttled("no room")
        self.room -= 1
        return self.started.setdefault(name, request) is request

    @property
    def looks(self) -> Counter[str]:
        return Counter(request["grant"] for request in self.started.values())


@pytest.fixture
def workflow() -> _Workflow:
    return _Workflow()


@pytest.fixture
def daily(workflow: _Workflow) -> DailyRound:
    return DailyRound(_Cursor(), workflow)  # type: ignore[arg-type]


def _check(daily: DailyRound, *hours: float) -> list[int]:
    times = (NOW.fromtimestamp(START + hour * HOUR, NOW.tzinfo) for hour in hours)
    return [len(daily.start(GRANTS, at)) for at in times]


@pytest.mark.parametrize("rate", [1, 1.5, 1 / 12])
def test_each_grant_has_one_turn_a_day_a_share_each_time(
    daily: DailyRound, workflow: _Workflow, rate: float
) -> None:
    assert _check(daily, 0) == [0], "the round begins with the first check"
    times = [rate * (number + 1) for number in range(round(24 / rate))]
    shares = _check(daily, *times)
    assert (len(workflow.looks), {*workflow.looks.values()}) == (len(GRANTS), {1})
    assert max(shares) <= 2 * len(GRANTS) * rate / 24 + 5
    _check(daily, *(24 + time for time in times))
    assert {*workflow.looks.values()} == {2}


def test_turns_that_failed_checks_missed_are_made_up_for_a_few_at_a_time(
    daily: DailyRound, workflow: _Workflow
) -> None:
    _check(daily, 0, 24)
    assert len(workflow.looks) < 2 * len(GRANTS) * MOST_AT_ONCE / 86_400
    _check(daily, *range(25, 49))
    assert len(workflow.looks) == len(GRANTS)


def test_check_that_comes_twice_or_forgets_starts_nothing_twice(
    daily: DailyRound, workflow: _Workflow
) -> None:
    assert _check(daily, 0, 2, 2)[2] == 0
    before = dict(workflow.started)
    daily.cursor.write(START)
    assert _check(daily, 2) == [0]
    assert workflow.started == before


def test_check_that_cannot_start_all_starts_the_rest_the_next_time(
    daily: DailyRound, workflow: _Workflow
) -> None:
    _check(daily, 0)
    workflow.room = 3
    with pytest.raises(Throttled):
        _check(daily, 1)
    workflow.room = 10**9
    _check(daily, *range(2, 26))
    assert len(workflow.looks) == len(GRANTS)


def test_clock_that_goes_back_leaves_nobody_out(daily: DailyRound, workflow: _Workflow) -> None:
    daily.cursor.write(START + 30 * 86_400)
    _check(daily, *range(25))
    assert len(workflow.looks) == len(GRANTS)


def test_looks_are_spread_and_no_orders(daily: DailyRound, workflow: _Workflow) -> None:
    _check(daily, 0, 2)
    waits = [given.get("after_seconds", 0) for given in workflow.started.values()]
    assert waits == [PACE * number for number in range(len(waits))]
    assert len(waits) > 20
    for given in workflow.started.values():
        started = reconciliation(given)
        assert started and started["action"] == "check" and "after_seconds" not in started


def test_names_of_runs_fit_also_of_the_longest_grant(
    daily: DailyRound, workflow: _Workflow
) -> None:
    longest = LiveGrant(GrantId("p" * 22, "g" * 22))
    for hour in range(25):
        daily.start([longest], NOW.fromtimestamp(START + hour * HOUR, NOW.tzinfo))
    (name,) = workflow.started
    assert len(name) <= 80


@pytest.mark.parametrize("wait", [0, -1, LONGEST_WAIT + 1, "60", True, None])
def test_wait_that_is_none_is_left_out(wait: Any) -> None:
    given = {"action": "check", "partner": "acme", "grant": "main", "by": "drift", "reason": "r"}
    assert reconciliation({**given, "after_seconds": wait}) == reconciliation(given)


def test_turns_are_spread_over_the_day() -> None:
    turns = [turn_of(one.id, START) - START for one in GRANTS]
    assert min(turns) >= 1 and max(turns) <= 86_400
    for one, turn in zip(GRANTS, turns, strict=True):
        assert turn_of(one.id, START + turn) == START + turn + 86_400
    assert max(Counter(turn // HOUR for turn in turns).values()) < 2 * len(GRANTS) / 24
