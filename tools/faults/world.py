"""Changes what stands around a grant before every call of an operation; at last puts it back.

Resources go, come back, are made anew, have another key or another owner; keys are closed and
disabled. Whatever the moment: the role names nothing but what the file means, nothing keeps access
from being taken away, the next check tells what is wrong, the one after changes nothing, and once
all is as it was, so is the role.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from functools import partial
from typing import Any

from latchkey.iam.values import listed
from tests.kit.parts import of_part, turn
from tests.kit.stack.build import built_stack
from tests.kit.stack.taps import Call
from tests.kit.stack.world import World
from tools.faults.copies import in_a_copy
from tools.faults.crashes import warm
from tools.faults.operations import EXPIRY
from tools.faults.snapshot import roles
from tools.faults.surroundings import ACCESS, CHANGES, Change, Surroundings
from tools.tally import Tally, in_parallel

_SHORT = 61
"""The short form takes each so-manieth place: all operations, each at others each time."""

_ROLE = "partner-acme.main"
Step = Callable[[World], Any]


@dataclass(frozen=True)
class Operation:
    """`act` is what the world changes in; `ends` says how: `open`, `closed` or with no role."""

    name: str
    act: Step
    ends: str
    granted: bool = True


def _upload(**changes: Any) -> Step:
    return lambda world: world.upload(access=ACCESS, **changes)


def _order(action: str) -> Step:
    order = {"action": action, "partner": "acme", "grant": "main", "reason": "r"}
    return lambda world: world.order(order)


def _expire(world: World) -> None:
    world.now = max(world.now, EXPIRY)


def _resume(world: World) -> None:
    _order("suspend")(world)
    world.settle()
    _order("resume")(world)


OPERATIONS = (
    Operation("create", _upload(), "open", granted=False),
    Operation("update", _upload(purpose="Another", tags={"team": "blue"}), "open"),
    Operation("check", _order("check"), "open"),
    Operation("suspend", _order("suspend"), "closed"),
    Operation("suspend and resume", _resume, "open"),
    Operation("revoke by order", _order("revoke"), "gone"),
    Operation("revoke by removal", World.remove, "gone"),
    Operation("expire", _expire, "gone"),
)


def run(*, short: bool) -> Tally:
    """Every change at every place of every operation, or with `short` some of each."""
    tally = Tally("world")
    warm()
    for case, wrong in in_parallel(_of_operation, range(len(OPERATIONS)), short=short):
        tally.count(case, wrong)
    return tally


def _of_operation(index: int, *, short: bool) -> list[tuple[str, list[str]]]:
    operation = OPERATIONS[index]
    with _prepared(operation) as (world, around):
        calls = in_a_copy(lambda: _undisturbed(world, operation))
        places = [(change, call) for change in CHANGES for call in calls]
        return [
            (
                f"{operation.name}, before {call} ({call.number}) {change.name}",
                in_a_copy(partial(_held, world, around, operation, change, call.number)),
            )
            for change, call in (of_part(places, _SHORT, index + turn()) if short else places)
        ]


def _undisturbed(world: World, operation: Operation) -> list[Call]:
    operation.act(world)
    world.settle()
    return world.taps.calls


@contextmanager
def _prepared(operation: Operation) -> Iterator[tuple[World, Surroundings]]:
    with built_stack() as stack, redirect_stdout(io.StringIO()):  # the metrics
        around = Surroundings()
        world = World(stack)
        if operation.granted:
            _upload()(world)
            world.settle()
        world.taps.calls.clear()
        yield world, around
        world.taps.disarm()


def _held(
    world: World, around: Surroundings, operation: Operation, change: Change, number: int
) -> list[str]:
    """What is wrong when the world changed there."""
    made: list[Call] = []

    def happen(call: Call) -> None:
        if call.number >= number and not made:
            made.append(call)
            change.make(around)

    world.taps.before = happen
    operation.act(world)
    world.settle()
    world.taps.disarm()
    if not made:
        change.make(around)
    return [
        *_sane(around, operation),
        *_told(world, around, operation, change),
        *_restored(world, around, operation),
        *(f"{run.name} ended {run.status}" for run in world.executions if run.failed),
    ]


def _sane(around: Surroundings, operation: Operation) -> Iterator[str]:
    """What must hold at any time: nobody reaches more, and taking away is never held up."""
    role = roles().get(_ROLE)
    statements = role["inline"].get("latchkey-access", {}).get("Statement", []) if role else []
    allows = [one for one in statements if one["Effect"] == "Allow"]
    named = {arn for one in allows for arn in listed(one["Resource"])}
    if strange := named - around.allowed():
        yield f"the role reaches {sorted(strange)}"
    if operation.ends == "gone" and role:
        yield "the role is still there"
    if operation.ends == "closed" and allows:
        yield "the suspended role allows something"


def _told(
    world: World, around: Surroundings, operation: Operation, change: Change
) -> Iterator[str]:
    """The next check finds what is wrong, and the one after does nothing."""
    status = _grant(world).get("status")
    yield from _checked(world, around, operation)
    grant = _grant(world)
    if operation.ends == "open" and grant.get("status") == "active":
        telling = [one["message"] for one in grant.get("findings", ())]
        wrong = [one for one in telling if "another key before" not in one]
        if bool(wrong) != change.lost:
            yield f"findings are {telling}"
    if operation.ends == "open" and status == "active" and grant.get("status") != "active":
        yield f"the live grant is {grant.get('status')}: {grant.get('reason')}"
    if grant.get("status") not in ("active", "suspended"):
        return  # an order for no grant is refused, and recorded as such
    before = _seen(world)
    yield from _checked(world, around, operation)
    if _seen(world) != before:
        yield "the second check changes something"


def _restored(world: World, around: Surroundings, operation: Operation) -> Iterator[str]:
    """Once all is as it was, so is the role; a file that was rejected is read again."""
    around.restore()
    if operation.ends != "open":
        return
    if _grant(world).get("instruction") == "suspend":  # it was not resumed while something was gone
        _order("resume")(world)
    world.notify("partners/acme.json")
    world.settle()
    yield from _checked(world, around, operation)
    grant, role = _grant(world), roles().get(_ROLE)
    if grant.get("status") != "active" or not role:
        yield f"in the end it is {grant.get('status')}: {grant.get('reason')}"
        return
    statements = role["inline"]["latchkey-access"]["Statement"]
    named = {arn for one in statements for arn in listed(one["Resource"])}
    if missing := {around.secrets[-1], around.keys[0]} - named:
        yield f"in the end the role does not reach {sorted(missing)}"
    if wrong := [one for one in grant.get("findings", ()) if "key before" not in one["message"]]:
        yield f"in the end findings are {wrong}"


def _checked(world: World, around: Surroundings, operation: Operation) -> Iterator[str]:
    order = {"action": "check", "partner": "acme", "grant": "main", "by": "drift", "reason": "r"}
    world.order(order)
    world.settle()
    yield from _sane(around, operation)


def _grant(world: World) -> dict[str, Any]:
    return world.stack.item("GRANT#acme.main") or {}


def _seen(world: World) -> Any:
    """The role, and all that is on record of the grant but when."""
    passing = ("updated_at", "active_since", "began")
    grant = {name: value for name, value in _grant(world).items() if name not in passing}
    return roles().get(_ROLE), grant, len(world.stack.items())
