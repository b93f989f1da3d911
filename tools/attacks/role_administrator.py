"""Somebody with `iam:*` under the roles' path who opens roles, or makes them immune."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from tools.attacks.ground import HOUR, MINUTE, STRANGER, Ground, document, refused, statement
from tools.attacks.people import administrator
from tools.attacks.suite import attack, suite
from tools.attacks.target import Target

_EVERYTHING = document(statement("*"))


def _admin(iam: Any, target: Target) -> None:
    made = iam.create_policy(PolicyName=f"all-{target.partner}", PolicyDocument=_EVERYTHING)
    iam.attach_role_policy(RoleName=target.role, PolicyArn=made["Policy"]["Arn"])


def _inline_everything(iam: Any, target: Target) -> None:
    iam.put_role_policy(RoleName=target.role, PolicyName="more", PolicyDocument=_EVERYTHING)


def _own_policy(iam: Any, target: Target) -> None:
    iam.put_role_policy(
        RoleName=target.role, PolicyName="latchkey-access", PolicyDocument=_EVERYTHING
    )


def _one_statement(iam: Any, target: Target) -> None:
    """IAM takes one statement for a list of one."""
    policy = json.dumps({"Version": "2012-10-17", "Statement": statement("*")})
    iam.put_role_policy(RoleName=target.role, PolicyName="latchkey-access", PolicyDocument=policy)


def _no_boundary(iam: Any, target: Target) -> None:
    iam.delete_role_permissions_boundary(RoleName=target.role)
    _inline_everything(iam, target)


OPENS: dict[str, Callable[[Any, Target], None]] = {
    "a policy attached": _admin,
    "an inline policy": _inline_everything,
    "Latchkey's own policy": _own_policy,
    "Latchkey's own policy, not a list": _one_statement,
    "the boundary taken off": _no_boundary,
}


@attack(OPENS, short=("an inline policy", "the boundary taken off"))
def widened_by_hand(ground: Ground, widen: Callable[[Any, Target], None]) -> None:
    """Gives a role more than its file says, and waits whether anybody notices."""
    target = ground.granted()
    session, before = ground.assume(target), ground.role(target.role)
    secrets = ground.client("secretsmanager")
    secrets.create_secret(Name=f"{target.partner}/other", SecretString="x")
    widen(administrator(ground), target)
    ground.advance(1.1 * HOUR)
    after = ground.role(target.role)
    assert before, "there was no role"
    assert after, "there is no role"
    compared = ("RoleId", "PermissionsBoundary", "AssumeRolePolicyDocument")
    wrong = [name for name in compared if after.get(name) != before.get(name)]
    assert not wrong, f"not repaired: {wrong}"
    refused(lambda: session.secret(f"{target.partner}/other"), "the session still reads more")
    attached = ground.iam.list_attached_role_policies(RoleName=target.role)
    assert not attached["AttachedPolicies"], "the policy is still attached"


@attack(OPENS, short=("a policy attached",))
def widened_before_a_suspension(ground: Ground, widen: Callable[[Any, Target], None]) -> None:
    """Gives a role more than its file says, and keeps it over a suspension."""
    target = ground.granted()
    session = ground.assume(target)
    widen(administrator(ground), target)
    done = ground.order(target, "suspend")
    assert done["status"] == "SUCCEEDED", f"the order failed: {done['cause']}"
    ground.shut(target, session)
    attached = ground.iam.list_attached_role_policies(RoleName=target.role)
    assert not attached["AttachedPolicies"], "the policy is still attached"
    inline = ground.iam.list_role_policies(RoleName=target.role)["PolicyNames"]
    assert inline == ["latchkey-access"], f"there is more: {inline}"


@attack(short=True)
def trust_of_a_stranger(ground: Ground) -> None:
    """Lets a stranger in by hand, and keeps its session."""
    target = ground.granted()
    trust = document(
        {"Effect": "Allow", "Principal": {"AWS": STRANGER}, "Action": "sts:AssumeRole"}
    )
    administrator(ground).update_assume_role_policy(RoleName=target.role, PolicyDocument=trust)
    stranger = ground.assume(target, account=STRANGER)
    ground.works(target, stranger)
    ground.advance(1.1 * HOUR)
    ground.dead(target, stranger)
    refused(lambda: ground.assume(target, account=STRANGER), "the stranger still gets in")
    ground.advance(2 * MINUTE)
    ground.dead(target, stranger)


UNTAGGED = {
    "latchkey:stack": ["latchkey:stack"],
    "latchkey:grant": ["latchkey:grant"],
    "both": ["latchkey:stack", "latchkey:grant"],
}


def _by_order(ground: Ground, target: Target) -> str:
    done = ground.order(target, "revoke")
    assert done["status"] == "SUCCEEDED", f"the order failed: {done['cause']}"
    return "revoked"


def _by_removal(ground: Ground, target: Target) -> str:
    ground.remove(target.key)
    ground.settled()
    return "revoked"


def _by_expiry(ground: Ground, _: Target) -> str:
    ground.advance(3 * HOUR)
    return "expired"


def _by_sweep(ground: Ground, target: Target) -> str:
    ground.delete_schedule(target)
    return _by_expiry(ground, target)


ENDS: dict[str, Callable[[Ground, Target], str]] = {
    "order": _by_order,
    "removal": _by_removal,
    "expiry": _by_expiry,
    "sweep": _by_sweep,
}


@attack(
    {f"{tags} before {end}": (UNTAGGED[tags], ENDS[end]) for tags in UNTAGGED for end in ENDS},
    short=("latchkey:stack before order", "both before expiry"),
    always=True,
)
def untagged(ground: Ground, how: tuple[list[str], Callable[[Ground, Target], str]]) -> None:
    """Takes Latchkey's tags off a role, so that nothing can end it."""
    tags, end = how
    target = ground.granted(hours=2)
    session = ground.assume(target)
    administrator(ground).untag_role(RoleName=target.role, TagKeys=tags)
    status = end(ground, target)
    ground.gone(target, session, status=status)
    assert not ground.scheduled(target), "its schedule is still there"


@attack({"the stack's tag": "latchkey:stack", "the grant's tag": "latchkey:grant"})
def tagged_as_anothers(ground: Ground, tag: str) -> None:
    """Gives a role the tag of another stack or grant, so that nothing can end it."""
    target = ground.granted()
    session = ground.assume(target)
    tags = [{"Key": tag, "Value": "another"}]
    administrator(ground).tag_role(RoleName=target.role, Tags=tags)
    ground.gone(target, session, status=_by_order(ground, target))


@attack(short=True)
def untagged_before_a_suspension(ground: Ground) -> None:
    """Takes the tags off before a grant is suspended, and waits whether they are put back."""
    target = ground.granted()
    session = ground.assume(target)
    administrator(ground).untag_role(RoleName=target.role, TagKeys=UNTAGGED["both"])
    done = ground.order(target, "suspend")
    assert done["status"] == "SUCCEEDED", f"the order failed: {done['cause']}"
    ground.shut(target, session)
    ground.advance(1.1 * HOUR)
    role = ground.role(target.role)
    keys = {tag["Key"] for tag in role["Tags"]} if role else set()
    assert keys >= set(UNTAGGED["both"]), f"the tags are not put back: {sorted(keys)}"


def _foreign(iam: Any, target: Target) -> None:
    own = {"AWS": target.account}
    trust = document({"Effect": "Allow", "Principal": own, "Action": "sts:AssumeRole"})
    iam.create_role(RoleName=target.role, Path="/partners/", AssumeRolePolicyDocument=trust)
    iam.put_role_policy(RoleName=target.role, PolicyName="own", PolicyDocument=_EVERYTHING)


@attack({"revoked by order": _by_order, "its file removed": _by_removal})
def foreign_role_in_its_place(ground: Ground, end: Callable[[Ground, Target], str]) -> None:
    """Puts a role of its own in the place of a grant's, for Latchkey to delete it."""
    target, iam = ground.granted(), administrator(ground)
    iam.delete_role_policy(RoleName=target.role, PolicyName="latchkey-access")
    iam.delete_role(RoleName=target.role)
    _foreign(iam, target)
    before = ground.role(target.role)
    with suppress(AssertionError):  # it may fail as RoleNotOwned; what counts is the role
        end(ground, target)
    ground.settled()
    assert ground.role(target.role) == before, "somebody else's role was touched"


@attack(short=True)
def foreign_role_beforehand(ground: Ground) -> None:
    """Takes a role's name before its grant, and leaves a schedule and a false notice behind."""
    target, iam = ground.target(), administrator(ground)
    messages = ground.messages(target)
    _foreign(iam, target)
    before = ground.role(target.role)
    result = ground.outside.upload(target.key, target.config())
    assert result["outcome"] == "failed", f"the grant is {result['outcome']}"
    assert "RoleNotOwned" in result["reason"], result["reason"]
    assert ground.role(target.role) == before, "somebody else's role was touched"
    _by_removal(ground, target)
    assert not ground.scheduled(target), "its schedule is still there"
    assert ground.role(target.role) == before, "somebody else's role was touched"
    told = messages()
    assert told, "nobody was told"
    false = [text for text in told if "more is allowed" in text]
    assert not false, f"a notice says that more is allowed: {false[0][:200]}"


@attack(short=True)
def roles_elsewhere(ground: Ground) -> None:
    """Writes to roles outside of the path."""
    iam = administrator(ground)
    found = ground.box.client("lambda").get_function_configuration(
        FunctionName="latchkey-grant-access"
    )
    name = found["Role"].rsplit("/", 1)[-1]
    refused(
        lambda: iam.put_role_policy(RoleName=name, PolicyName="x", PolicyDocument=_EVERYTHING),
        "wrote to a function's role",
    )


run = suite(__name__)
