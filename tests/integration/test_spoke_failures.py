"""An account that fails, in whatever way and at whatever step of a run, fails alone.

What is not known is never on record as done, nothing is done in the stack's own account in its
place, the other accounts go on, and once it is mended, doing the same again leads to what was
asked.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, product
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from latchkey.iam.spoke import SpokeRole
from tests.kit.examples import ACCOUNT, STACK
from tests.kit.stack.aws import aws
from tests.kit.stack.build import built_stack
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.spokes import SPOKES, boundary
from tests.kit.stack.taps import Call, Killed, refusal
from tests.kit.stack.world import World

HERE, OTHER = SPOKES
OTHERS = ((ACCOUNT, "globex"), (OTHER, "initech"))
ROLE, GRANT = "partner-acme.main", "GRANT#acme.main"
_WRITES = ("Create", "Put", "Update", "Delete", "Tag", "Untag", "Attach", "Detach")
_SCP = "with an explicit deny in a service control policy"
_NOBODY = {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}
Do = Callable[[StackDriver], object]


def _answers(answer: Callable[[str], Any], *calls: str) -> Do:
    """Calls of that account, by the beginning of `service:Operation`, are answered so."""

    def arm(stack: StackDriver) -> None:
        def refuses(account: str, call: str, _: Any) -> Any:
            return answer(call) if account == HERE and call.startswith(calls) else None

        stack.spokes.refuses = refuses

    return arm


def _denied(call: str) -> Any:
    return refusal("AccessDenied", f"not authorized to perform: {call} {_SCP}", 403)


def _throttled(_: str) -> Any:
    return refusal("Throttling", "Rate exceeded")


def _slow(call: str) -> Any:
    raise ReadTimeoutError(endpoint_url=f"https://{call}")


def _no_boundary(_: str) -> Any:
    arn = boundary("partner", HERE)
    return refusal("NoSuchEntity", f"Policy {arn} does not exist or is not attachable.", 404)


def _delete_roles(_: StackDriver) -> None:
    iam = aws("iam", HERE)
    for role in SpokeRole:
        name = role.name_for(STACK)
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            iam.delete_role_policy(RoleName=name, PolicyName=policy)
        iam.delete_role(RoleName=name)


def _change_trust(_: StackDriver) -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": [_NOBODY]})
    for role in SpokeRole:
        aws("iam", HERE).update_assume_role_policy(
            RoleName=role.name_for(STACK), PolicyDocument=text
        )


def _narrow(_: StackDriver) -> None:
    """What an older version's roles lacked: sessions may read the guardrails, and no more."""
    may = {"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": "*"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [may]})
    iam = aws("iam", HERE)
    for role in SpokeRole:
        name = role.name_for(STACK)
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=text)


def _narrow_sessions(stack: StackDriver) -> None:
    """Of those that are given out from now on: they may read the guardrails, and no more."""
    may = {"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": "*"}
    stack.spokes.narrowed[HERE] = json.dumps({"Version": "2012-10-17", "Statement": [may]})


FAULTS: dict[str, Do] = {
    "its session policy is too narrow": _narrow_sessions,
    "its roles are deleted": _delete_roles,
    "its roles trust nobody": _change_trust,
    "its stack is an older one": _narrow,
    "the account is closed": _answers(_denied, "sts:"),
    "a policy of the organization denies IAM": _answers(_denied, "iam:"),
    "STS is throttled": _answers(_throttled, "sts:"),
    "IAM is throttled": _answers(_throttled, "iam:"),
    "STS is slow": _answers(_slow, "sts:"),
    "IAM is slow": _answers(_slow, "iam:"),
    "its boundary is missing": _answers(
        _no_boundary, "iam:CreateRole", "iam:PutRolePermissionsBoundary"
    ),
}


def _writes(call: Call) -> bool:
    return call.account == HERE and call.service == "iam" and call.operation.startswith(_WRITES)


STEPS: dict[str, Callable[[list[Call], Call], bool]] = {
    "planned": lambda _, __: True,
    "applied": lambda before, call: str(call) == "sts:AssumeRole" and str(call) in map(str, before),
    "written": lambda _, call: _writes(call),
    "verified": lambda before, call: not _writes(call) and any(map(_writes, before)),
    "recorded": lambda before, call: (
        call.operation == "TransactWriteItems" and any(map(_writes, before))
    ),
}
"""When the fault begins: at the first call of which it holds, after those before it."""


@dataclass(frozen=True)
class Operation:
    """What is done to the grant, from what was there, and what there must be in the end."""

    name: str
    act: Callable[[World], object]
    done: Callable[[Any], bool]
    granted: bool = True


def _order(action: str) -> Callable[[World], object]:
    order = {"action": action, "partner": "acme", "grant": "main", "reason": "incident 7"}
    return lambda world: world.order(order)


def _closed(role: Any) -> bool:
    return bool(role) and all(one["Effect"] == "Deny" for one in role["policy"]["Statement"])


def _active(role: Any) -> bool:
    return bool(role) and not _closed(role)


OPERATIONS = (
    Operation("create", World.upload, _active, granted=False),
    Operation("suspend", _order("suspend"), _closed),
    Operation("update", lambda w: w.upload(purpose="Another"), _active),
    Operation("revoke", _order("revoke"), lambda role: role is None),
)
_PAIRS = cycle(((0, 1), (2, 3), (0, 3), (2, 1), (1, 3), (0, 2)))
CASES = [
    (fault, step, OPERATIONS[number], killed)
    for (fault, step), numbers in zip(product(FAULTS, STEPS), _PAIRS, strict=False)
    for number, killed in zip(numbers, (False, True), strict=True)
]
"""Of each fault at each step two operations in turn; the second one's function is killed, too."""


@pytest.fixture
def world() -> Iterator[World]:
    with built_stack(account=HERE, spokes=[OTHER]) as stack:
        world = World(stack)
        yield world
        world.taps.disarm()


def _role(account: str, name: str = ROLE) -> Any:
    iam = aws("iam", account)
    try:
        role = iam.get_role(RoleName=name)["Role"]
        found = iam.get_role_policy(RoleName=name, PolicyName="latchkey-access")
    except iam.exceptions.NoSuchEntityException:
        return None
    return {**role, "policy": found["PolicyDocument"]}


def _honest(world: World, before: Any) -> None:
    """Whatever is on record as done, is done."""
    state, role = world.stack.item(GRANT) or {}, _role(HERE)
    said = str(state.get("status"))
    if said in ("revoked", "expired"):
        assert role is None, f"on record as {said}, and the role is there"
    if said == "suspended":
        assert _closed(role), "on record as suspended, and the role is open"
    if said == "active" and before is None:
        assert _active(role), "on record as granted, and there is no role"
    ends = [item for item in world.stack.items() if item["sk"].startswith("EVENT#")]
    for item in ends:
        if (item.get("verified") or {}).get("role") == "absent":
            assert role is None, "verified as gone, and it is there"
    assert _role(ACCOUNT) is None, "it was done in the stack's own account"
    assert _role(OTHER) is None, "it was done in another account"


def _others_go_on(world: World, word: str, others: Any = OTHERS) -> None:
    for account, partner in others:
        of_it: Any = {"account": account, "partner": partner, "external_id": f"external-{partner}"}
        world.upload(f"partners/{partner}.json", **of_it, purpose=word)
        world.settle()
        role = _role(account, f"partner-{partner}.main")
        assert role
        assert word in role["Description"]


@pytest.mark.parametrize(
    ("fault", "step", "operation", "killed"),
    [pytest.param(*case, id=f"{case[2].name}, {case[0]} when {case[1]}") for case in CASES],
)
def test_an_account_that_fails_fails_alone(
    world: World, fault: str, step: str, operation: Operation, killed: bool
) -> None:
    if operation.granted:
        world.upload()
        world.settle()
    before = _role(HERE)
    world.taps.calls.clear()
    made: list[Call] = []

    def happen(call: Call) -> None:
        earlier = world.taps.calls[:-1]
        if not made and STEPS[step](earlier, call):
            made.append(call)
            FAULTS[fault](world.stack)
            if killed:
                raise Killed

    world.taps.before = happen
    operation.act(world)
    world.settle()
    assert made, "the fault never began"
    world.taps.disarm()
    _honest(world, before)
    _others_go_on(world, "Meanwhile")
    world.stack.spokes.mend(HERE)
    world.wait(300)
    operation.act(world)
    world.settle()
    assert operation.done(_role(HERE)), world.stack.item(GRANT)
    _honest(world, before)
    _others_go_on(world, "Afterwards", OTHERS[1:])
