"""A confirmation at the last second, killed at every call: the grant goes on, or ends, whole."""

import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import timedelta

import pytest

from latchkey.times import instant
from tests.integration.test_confirm import DAY, DAYS, ORDER, body, ends
from tests.kit.examples import NOW
from tests.kit.parts import in_turn
from tests.kit.stack.aws import KEY
from tests.kit.stack.build import built_stack
from tests.kit.stack.taps import Call, Killed
from tests.kit.stack.world import World

SECOND = timedelta(seconds=1)
END = NOW + DAYS * DAY
CONFIRM = {**ORDER, "action": "confirm"}


@contextmanager
def _granted() -> Iterator[World]:
    with built_stack() as stack, redirect_stdout(io.StringIO()):
        stack.guard(max_confirm_days=90)
        world = World(stack)
        world.upload(body=body())
        world.settle()
        world.taps.calls.clear()
        yield world
        world.taps.disarm()


def _ends(world: World) -> str:
    """How it came out: `goes on` until one date in all places, or `ended` without a rest."""
    if world.stack.role() is None:
        assert world.stack.grant()["status"] == "expired"
        assert world.stack.schedules() == []
        return "ended"
    (at,) = ends(world.stack)
    assert instant(world.now) < at
    return "goes on"


def _kill(world: World, number: int, when: str) -> None:
    def die(call: Call) -> None:
        if call.number == number:
            raise Killed

    setattr(world.taps, when, die)


def _confirmed_in_time(world: World, order: timedelta) -> None:
    world.settle(until=END - order)
    world.order(CONFIRM)
    world.settle()
    world.settle(until=END + SECOND)
    for _ in range(3):
        world.wait(300)
        world.sweep()
        world.settle()


@pytest.mark.parametrize("before", [timedelta(hours=1), 3 * SECOND, timedelta(0)], ids=str)
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_every_call(before: timedelta, when: str) -> None:
    with _granted() as world:
        _confirmed_in_time(world, before)
        calls, expected = len(world.taps.calls), _ends(world)
    assert expected == ("ended" if before == timedelta(0) else "goes on")
    step = 1 if before == 3 * SECOND else 5  # where it does not end anyway, some calls will do
    for number in in_turn(range(1, calls + 1, step)):
        with _granted() as world:
            _kill(world, number, when)
            _confirmed_in_time(world, before)
            found = _ends(world)
            said = world.stack.history()
            assert world.deaths <= 1
            assert (found == "goes on") == ("AccessConfirmed" in said), (number, found, said)
            assert before != timedelta(0) or found == "ended", (number, said)
            assert before != timedelta(hours=1) or found == "goes on", (number, said)


def test_expiry_that_was_killed_is_not_confirmed() -> None:
    with _granted() as world:
        world.settle(until=END + SECOND)
        calls = len(world.taps.calls)
    for number in in_turn(range(1, calls + 1)):
        with _granted() as world:
            _kill(world, number, "after")
            world.settle(until=END + SECOND)
            world.order(CONFIRM)
            world.settle()
            assert _ends(world) == "ended", number


def test_order_that_was_given_in_time_and_planned_too_late_is_refused() -> None:
    with _granted() as world:
        state = world.stack.state(CONFIRM)
        state["execution"]["start_time"] = (END - SECOND).isoformat()
        assert world.stack.invoke("plan_grant", state, END)["outcome"] == "rejected"


@pytest.mark.parametrize("copied_first", [True, False])
def test_nightly_move_keeps_nothing_alive(copied_first: bool) -> None:
    """A job that writes the same file under the day's name, and removes that of the day before."""
    with _granted() as world:
        world.settle(until=END + SECOND)
        key = KEY
        for night in range(3):
            following = f"partners/{night}.json"
            world.uploads[world.stack.upload(body(), following)] = world.now
            world.stack.remove(key)
            for name in (following, key) if copied_first else (key, following):
                world.notify(name)
                world.settle()
            assert world.stack.role() is None, night
            world.settle(until=world.now + DAY)
            key = following
        world.remove(key)
        world.settle()
        world.wait(60)
        world.upload(body=body())
        world.settle()
        assert world.stack.role(), "who removes it and uploads it again grants it anew"
