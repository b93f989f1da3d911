"""Spoils every call of every operation in every way that AWS may.

What passes by itself must leave no trace: all is as if nothing had happened. What does not pass
ends as a failure that names its cause, within bounds; when it is mended, doing the same once more
must lead to what was asked for.
"""

import json
from collections.abc import Iterator
from functools import partial

from tests.kit.parts import of_part
from tests.kit.stack.aws import RESULTS_BUCKET
from tests.kit.stack.machine import Execution
from tests.kit.stack.taps import Call
from tests.kit.stack.world import World
from tools.faults.call_faults import FAULTS, Fault
from tools.faults.copies import in_a_copy
from tools.faults.crashes import prepared, undisturbed, warm
from tools.faults.operations import OPERATIONS, Operation
from tools.faults.places import named, place, places
from tools.faults.snapshot import Snapshot, differences, snapshot
from tools.tally import Tally, in_parallel

_SHORT = 3
"""The short form has each fault in every third operation, at one call; others each time."""

_MOST_ATTEMPTS = 90
"""Of tasks, in one execution: none is retried for ever."""

_RECORDING = {
    "TransactWriteItems",
    "StartExecution",
    "PutObject",
    "DeleteItem",
    "BatchGetItem",  # what is on record
    "GetItem",  # the head of the history's chain
    "GetObject",  # the plan that the state refers to
}
"""Without these recording cannot be finished: the execution's cause says why; an alarm tells."""

_TEXTS = ("Rate exceeded", "We are sorry", "timeout", "not authorized", "Invalid principal")
"""Of the errors that do not pass."""

_KEPT_OUT = "keeps Latchkey out"
"""What is found of a live grant's bucket at which the stack may not look."""

_NOTIFYING = {"PutEvents", "Publish", "HeadObject", "Query"}
"""Without these, or a look at a result, telling cannot be: the outcome is recorded by then."""


def run(*, short: bool) -> Tally:
    """Every fault at every call of every operation, or with `short` some of them."""
    tally = Tally("errors")
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
        found = list(_places(calls))
        chosen = list(_some(found, where.part)) if short else found
        return [
            (
                f"{operation.name}{there}, {fault.name} at {call} ({call.number})",
                in_a_copy(partial(_suffer, world, operation, expected, fault, call)),
            )
            for fault, call in chosen
        ]


def _places(calls: list[Call]) -> Iterator[tuple[Fault, Call]]:
    """What fails for good is tried at the first call of each operation of AWS."""
    for fault in FAULTS:
        seen = set()
        for call in calls:
            if fault.applies(call) and (fault.passes or str(call) not in seen):
                seen.add(str(call))
                yield fault, call


def _some(found: list[tuple[Fault, Call]], part: int) -> Iterator[tuple[Fault, Call]]:
    for number, fault in enumerate(FAULTS):
        of_fault = [one for one in found if one[0] is fault]
        turns, now = divmod(part + number, _SHORT)
        if not now:
            yield from of_part(of_fault, len(of_fault), turns)


def _suffer(
    world: World, operation: Operation, expected: Snapshot, fault: Fault, call: Call
) -> list[str]:
    fault.arm(world, call)
    operation.act(world)
    wrong = [
        f"{run.name} took {run.attempts} attempts"
        for run in world.executions
        if run.attempts > _MOST_ATTEMPTS
    ]
    if fault.passes:
        found = snapshot(world)
        if call.operation == "CreateRole" and _cut_off(found) and not _cut_off(expected):
            # It is there when it is asked for again, as somebody else's would be.
            expected, found = _essence(expected), _essence(_without_cut_off(found))
        wrong += differences(expected, found)
        wrong += [f"{run.name} ended {run.status}" for run in world.executions if run.failed]
        return wrong
    if _notifies(call) or differences(expected, snapshot(world)):
        wrong += _unnoticed(world, call)  # else it was done all the same, and is told as that
    world.taps.disarm()
    world.wait(300)
    operation.again(world)
    found, wanted = _essence(snapshot(world)), _essence(expected)
    return wrong + differences(wanted, _moved(found, wanted) if operation.moves_end else found)


def _unnoticed(world: World, call: Call) -> list[str]:
    """Whether nobody could see that it failed, and why."""
    failed = [run for run in world.executions if run.failed]
    rejected = any(item.get("outcome") == "rejected" for item in world.stack.items())
    if not (failed or rejected or world.dead or world.failed_sweeps or _is_recorded(world)):
        return ["nobody was notified"]
    if not failed:
        return []
    if (call.operation in _RECORDING or _notifies(call)) and any(map(_said, failed)):
        return []
    found = [item for item in world.stack.items() if item.get("outcome") == "failed"]
    reasons = {str(item["reason"]) for item in found}
    if any(": " in reason for reason in reasons) or _says_why(world):
        return []
    return [f"no cause was recorded, only {sorted(reasons)}"]


def _said(run: Execution) -> bool:
    """Whether an execution says itself with which error it ended."""
    return any(text in run.cause for text in _TEXTS)


def _is_recorded(world: World) -> bool:
    """Whether a grant's reason says what could not be done besides, or a finding does."""
    items = world.stack.items()
    said = [str(item.get("reason")) for item in items]
    said += [str(item.get("findings")) for item in items]
    return any(text in one for text in (*_TEXTS, _KEPT_OUT) for one in said)


def _says_why(world: World) -> bool:
    """Whether a version that could not be read is on record as rejected, with the error's name."""
    items = [item for item in world.stack.items() if item.get("outcome") == "rejected"]
    return any("AccessDenied" in str(item.get("problems")) for item in items)


def _notifies(call: Call) -> bool:
    return call.operation in _NOTIFYING or call.parameters.get("Bucket") == RESULTS_BUCKET


def _cut_off(found: Snapshot) -> bool:
    return "IssuedBefore" in str(found["roles"])


def _without_cut_off(found: Snapshot) -> Snapshot:
    for role in found["roles"].values():
        for document in role["inline"].values():
            statements = document["Statement"]
            document["Statement"] = [one for one in statements if one["Sid"] != "IssuedBefore"]
    return found


def _moved(found: Snapshot, expected: Snapshot) -> Snapshot:
    """What was found, with the end that was expected wherever the one that is on record stands."""
    (now,), (then,) = _ends(found), _ends(expected)
    text = json.dumps(found).replace(now.removesuffix("Z"), then.removesuffix("Z"))
    moved: Snapshot = json.loads(text)
    return moved


def _ends(found: Snapshot) -> set[str]:
    states = [item for key, item in found["items"].items() if key.startswith("GRANT#")]
    return {item["expires_at"] for item in states if item.get("expires_at")}


def _essence(found: Snapshot) -> Snapshot:
    """What must be the same after a failure was mended: all but the words about it.

    A lease that could not be given back expires.
    """
    kept = {"status", "external_id", "expires_at", "role_arn", "live", "grants", "instruction"}
    items = {
        key: {name: value for name, value in item.items() if name in kept}
        for key, item in found["items"].items()
        if not key.startswith("CONFIG#") and not key.endswith(" LEASE")
    }
    return {"roles": found["roles"], "schedules": found["schedules"], "items": items}
