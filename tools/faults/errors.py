"""Spoils every call of every operation in every way that AWS may.

What passes by itself must leave no trace: all is as if nothing had happened. What does not pass
ends as a failure that names its cause, within bounds; when it is mended, doing the same once more
must lead to what was asked for.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from botocore.exceptions import ReadTimeoutError

from tests.kit.stack.driver import RESULTS_BUCKET
from tests.kit.stack.taps import Call, refusal
from tests.kit.stack.world import World
from tools.faults.crashes import prepared, undisturbed
from tools.faults.operations import OPERATIONS, Operation
from tools.faults.snapshot import Snapshot, differences, snapshot
from tools.faults.staleness import Stale
from tools.faults.tally import Tally, in_parallel

_SHORT = 29
_MOST_ATTEMPTS = 90
"""Of tasks, in one execution: none is retried for ever."""

_WRITES = ("Create", "Put", "Update", "Delete", "Tag", "Untag", "Transact", "Start", "Attach")
_RECORDING = {"TransactWriteItems", "StartExecution", "PutObject", "DeleteItem"}
"""Without these recording cannot be finished: the execution's own error says so, and an alarm."""

_TELLING = {"PutEvents", "Publish", "HeadObject"}
"""Without these, or a look at a result, telling cannot be: the outcome is recorded by then."""

_THROTTLED = {"iam": "Throttling", "s3": "SlowDown"}
_UNKNOWN_PRINCIPAL = 'Invalid principal in policy: "AWS":"arn:aws:iam::444455556666:role/new"'

Arm = Callable[[World, Call], None]
"""Sets the taps so that a call of an operation, as it went undisturbed, is spoiled."""


@dataclass(frozen=True)
class Fault:
    """A way in which a call fails; `applies` says to which calls."""

    name: str
    arm: Arm
    applies: Callable[[Call], bool] = lambda _: True
    passes: bool = True


def run(*, short: bool) -> Tally:
    """Every fault at every call of every operation, or with `short` some of them."""
    tally = Tally("errors")
    for case, wrong in in_parallel(_of_operation, range(len(OPERATIONS)), short=short):
        tally.count(case, wrong)
    return tally


def _of_operation(index: int, *, short: bool) -> list[tuple[str, list[str]]]:
    operation = OPERATIONS[index]
    expected, calls = undisturbed(operation)
    places = list(_places(calls))
    return [
        (
            f"{operation.name}, {fault.name} at {call} ({call.number})",
            _suffer(operation, expected, fault, call),
        )
        for fault, call in (places[index % _SHORT :: _SHORT] if short else places)
    ]


def _places(calls: list[Call]) -> Iterator[tuple[Fault, Call]]:
    """What fails for good is tried at the first call of each operation of AWS."""
    for fault in FAULTS:
        seen = set()
        for call in calls:
            if fault.applies(call) and (fault.passes or str(call) not in seen):
                seen.add(str(call))
                yield fault, call


def _suffer(operation: Operation, expected: Snapshot, fault: Fault, call: Call) -> list[str]:
    with prepared(operation) as world:
        fault.arm(world, call)
        operation.act(world)
        wrong = [
            f"{run.name} took {run.attempts} attempts"
            for run in world.executions
            if run.attempts > _MOST_ATTEMPTS
        ]
        if fault.passes:
            wrong += differences(expected, snapshot(world))
            wrong += [f"{run.name} ended {run.status}" for run in world.executions if run.failed]
            return wrong
        wrong += _untold(world, call)
        world.taps.disarm()
        world.wait(300)
        operation.again(world)
        return wrong + differences(_essence(expected), _essence(snapshot(world)))


def _untold(world: World, call: Call) -> list[str]:
    """Whether nobody could see that it failed, and why."""
    failed = [run for run in world.executions if run.failed]
    rejected = any(item.get("outcome") == "rejected" for item in world.house.items())
    if not (failed or rejected or world.dead or world.failed_sweeps):
        return ["nobody was told"]
    if not failed or call.operation in _RECORDING or _tells(call):
        return []
    told = [item for item in world.house.items() if item.get("outcome") == "failed"]
    reasons = {str(item["reason"]) for item in told}
    if not any(": " in reason for reason in reasons):
        return [f"no cause was recorded, only {sorted(reasons)}"]
    return []


def _tells(call: Call) -> bool:
    return call.operation in _TELLING or call.parameters.get("Bucket") == RESULTS_BUCKET


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


def _once(answer: Callable[[Call], object]) -> Arm:
    """The call itself fails, and the next one of its kind does not."""

    def arm(world: World, spoiled: Call) -> None:
        def before(call: Call) -> object:
            return answer(call) if call.number == spoiled.number else None

        world.taps.before = before

    return arm


def _times(most: int, answer: Callable[[Call], object]) -> Arm:
    """This call and those of its kind that follow fail, so many in all."""

    def arm(world: World, spoiled: Call) -> None:
        left = [most]

        def before(call: Call) -> object:
            if call.number < spoiled.number or str(call) != str(spoiled) or not left[0]:
                return None
            left[0] -= 1
            return answer(call)

        world.taps.before = before

    return arm


def _lost(world: World, spoiled: Call) -> None:
    """AWS did it, and the answer was lost."""

    def after(call: Call) -> None:
        if call.number == spoiled.number:
            _time_out(call)

    world.taps.after = after


def _time_out(call: Call) -> object:
    raise ReadTimeoutError(endpoint_url=f"https://{call.service}")


def _throttled(call: Call) -> object:
    return refusal(_THROTTLED.get(call.service, "ThrottlingException"), "Rate exceeded")


def _broken(_: Call) -> object:
    return refusal("InternalFailure", "We are sorry", 500)


def _denied(call: Call) -> object:
    return refusal("AccessDenied", f"not authorized to perform: {call}", 403)


def _unknown_principal(_: Call) -> object:
    return refusal("MalformedPolicyDocument", _UNKNOWN_PRINCIPAL)


def _not_found(_: Call) -> object:
    return refusal("NoSuchEntity", "The role with name partner-acme.main cannot be found.", 404)


def _condition_failed(call: Call) -> object:
    if call.operation != "TransactWriteItems":
        return refusal("ConditionalCheckFailedException", "The conditional request failed")
    http, parsed = refusal("TransactionCanceledException", "Transaction cancelled")
    return http, {**parsed, "CancellationReasons": [{"Code": "ConditionalCheckFailed"}]}


def _conflicting(_: Call) -> object:
    http, parsed = refusal("TransactionCanceledException", "Transaction cancelled")
    return http, {**parsed, "CancellationReasons": [{"Code": "TransactionConflict"}]}


def _stale(world: World, spoiled: Call) -> None:
    stale = Stale(str(spoiled.parameters["RoleName"]), reads=2)
    world.taps.before = stale.answer


def _writes(call: Call) -> bool:
    return call.operation.startswith(_WRITES)


def _of_lease(call: Call) -> bool:
    """The conditions that another run may break: those on the lease."""
    taken = call.operation == "UpdateItem" and "lease_owner" in str(call.parameters)
    return taken or _transacting(call)


def _transacting(call: Call) -> bool:
    return call.operation == "TransactWriteItems"


def _naming_principals(call: Call) -> bool:
    return call.operation in ("CreateRole", "UpdateAssumeRolePolicy")


def _of_role(call: Call) -> bool:
    return call.service == "iam" and "RoleName" in call.parameters


FAULTS = (
    Fault("throttled", _once(_throttled)),
    Fault("throttled for a while", _times(3, _throttled)),
    Fault("500", _once(_broken)),
    Fault("timeout, not done", _once(_time_out)),
    Fault("timeout, done", _lost),
    Fault("done, and asked again", _once(lambda call: call.tried()), _writes),
    Fault("condition failed", _once(_condition_failed), _of_lease),
    Fault(
        "transaction conflict",
        _times(2, _conflicting),
        lambda c: c.operation == "TransactWriteItems",
    ),
    Fault("principal unknown for a while", _times(3, _unknown_principal), _naming_principals),
    Fault(
        "role not found yet",
        _times(2, _not_found),
        lambda c: _of_role(c) and c.operation in ("PutRolePolicy", "GetRolePolicy"),
    ),
    Fault("stale reads", _stale, lambda c: _of_role(c) and _writes(c)),
    Fault("throttled for ever", _times(10**6, _throttled), passes=False),
    Fault("500 for ever", _times(10**6, _broken), passes=False),
    Fault("no answer for ever", _times(10**6, _time_out), passes=False),
    Fault("access denied", _times(10**6, _denied), passes=False),
    Fault("principal unknown", _times(10**6, _unknown_principal), _naming_principals, passes=False),
)
