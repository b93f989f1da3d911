"""The ways in which AWS may fail a call, each set on the taps of a world."""

from collections.abc import Callable
from dataclasses import dataclass

from botocore.exceptions import ReadTimeoutError

from tests.kit.stack.taps import Call, refusal
from tests.kit.stack.world import World
from tools.faults.staleness import Stale

_WRITES = ("Create", "Put", "Update", "Delete", "Tag", "Untag", "Transact", "Start", "Attach")
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


def _once(answer: Callable[[Call], object]) -> Arm:
    """The call itself fails, and the next one of its kind does not."""

    def arm(world: World, spoiled: Call) -> None:
        def before(call: Call) -> object:
            return answer(call) if call.number == spoiled.number else None

        world.taps.before = before

    return arm


def _times(most: int, answer: Callable[[Call], object]) -> Arm:
    """A call and those of its kind that follow fail, so many in all."""

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
    items = call.parameters["TransactItems"]
    of_lease = (n for n, item in enumerate(items) if "lease_owner" in str(item))
    refused = next(of_lease, len(items) - 1)  # else what the file stands for has changed
    codes = ["ConditionalCheckFailed" if n == refused else "None" for n in range(len(items))]
    return http, {**parsed, "CancellationReasons": [{"Code": code} for code in codes]}


def _conflicting(_: Call) -> object:
    http, parsed = refusal("TransactionCanceledException", "Transaction cancelled")
    return http, {**parsed, "CancellationReasons": [{"Code": "TransactionConflict"}]}


def _stale(world: World, spoiled: Call) -> None:
    stale = Stale(str(spoiled.parameters["RoleName"]), reads=2, account=spoiled.account)
    world.taps.before = stale.answer


def _writes(call: Call) -> bool:
    return call.operation.startswith(_WRITES)


def _of_lease(call: Call) -> bool:
    """The conditions that another run may break: on the lease, and on a file's grants.

    That an external ID is another partner's is a condition as well, and ends in a rejection.
    """
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
