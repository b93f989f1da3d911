"""Kills the function's process before and after every call of every operation.

What was killed is tried again as on AWS: SQS delivers the message again, Step Functions retries
the task, the next sweep comes. Then all must be as if nothing had happened.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from functools import partial

from tests.kit.examples import ACCOUNT
from tests.kit.parts import of_part
from tests.kit.stack.build import built_stack
from tests.kit.stack.taps import Call, Killed
from tests.kit.stack.world import World
from tools.faults.copies import in_a_copy
from tools.faults.operations import OPERATIONS, Operation
from tools.faults.places import named, place, places
from tools.faults.snapshot import Snapshot, differences, snapshot
from tools.tally import Tally, in_parallel

_SHORT = 14
"""The short form takes each so-manieth place: all operations, each at other calls each time."""

_WARMING = ("update everything", "resume by order", "revoke by order")


def run(*, short: bool) -> Tally:
    """Every place of every operation, or with `short` some of each."""
    tally = Tally("crashes")
    warm()
    numbers = places(len(OPERATIONS), short=short)
    for case, wrong in in_parallel(_of_operation, numbers, short=short):
        tally.count(case, wrong)
    return tally


def _of_operation(index: int, *, short: bool) -> list[tuple[str, list[str]]]:
    where = place(index, len(OPERATIONS))
    operation, there = OPERATIONS[where.number], named(where.account)
    with prepared(operation, where.account) as world:
        expected, calls = in_a_copy(lambda: undisturbed(world, operation))
        found = [(call.number, when) for call in calls for when in ("before", "after")]
        return [
            (
                f"{operation.name}{there}, killed {when} {calls[number]} ({number})",
                in_a_copy(partial(_survive, world, operation, expected, number, when)),
            )
            for number, when in (of_part(found, _SHORT, where.part) if short else found)
        ]


def _survive(
    world: World, operation: Operation, expected: Snapshot, number: int, when: str
) -> list[str]:
    """What is wrong when the process died there, and the retry has come."""
    made = _kill(world, number, when)
    operation.act(world)
    return [
        *differences(expected, snapshot(world)),
        *([] if world.deaths == 1 else [f"{world.deaths} deaths"]),
        *_other_external_id(world, made),
        *(f"{run.name} ended {run.status}" for run in world.executions if run.failed),
    ]


def undisturbed(world: World, operation: Operation) -> tuple[Snapshot, list[Call]]:
    """What an operation leads to when nothing fails, and the calls that it makes."""
    operation.act(world)
    return snapshot(world), world.taps.calls


def warm() -> None:
    """Make what each copy would make anew: clients, what they read of their services, modules."""
    for operation in OPERATIONS:
        if operation.name in _WARMING:
            with prepared(operation) as world:
                undisturbed(world, operation)


@contextmanager
def prepared(operation: Operation, account: str = ACCOUNT) -> Iterator[World]:
    """A world of its own, in which the operation is about to be done; cases go on in copies."""
    with built_stack(account=account) as stack, redirect_stdout(io.StringIO()):  # the metrics
        world = World(stack)
        operation.prepare(world)
        world.taps.calls.clear()
        yield world
        world.taps.disarm()


def _kill(world: World, number: int, when: str) -> list[object]:
    """Arm the taps; the answer fills with the external ID that was made before the death."""
    made: list[object] = []

    def die(call: Call) -> None:
        if call.number == number:
            item = world.stack.item("GRANT#acme.main", "EXTERNAL_ID")
            made.extend([item["external_id"]] if item else [])
            raise Killed

    if when == "before":
        world.taps.before = die
    else:
        world.taps.after = die
    return made


def _other_external_id(world: World, made: list[object]) -> list[str]:
    """An external ID once generated never changes."""
    item = world.stack.item("GRANT#acme.main", "EXTERNAL_ID")
    now = item["external_id"] if item else None
    return [f"the external ID was {was} and is {now}" for was in made if was != now]
