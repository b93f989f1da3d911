"""The owner of one account that is granted in, who is after others' grants, or after the hub."""

import json
from functools import partial
from typing import Any

from latchkey.iam.spoke import SpokeRole
from sandbox.connection import connect
from tests.kit.examples import ACCOUNT
from tests.kit.spoke_account import SpokeAccount
from tests.kit.stack.spokes import FUNCTIONS, SPOKES
from tools.attacks.ground import HOUR, Ground, document, refused, statement
from tools.attacks.suite import attack, suite
from tools.attacks.target import Target

_OWN, _OTHERS = SPOKES
OWN_ACCOUNTS = True
_EVERYTHING = document(statement("*"))


def _owner(ground: Ground) -> SpokeAccount:
    """The attacker: root of an account that is enrolled and listed, as another one is."""
    spokes = [SpokeAccount(ground.box, account) for account in SPOKES]
    for spoke in spokes:
        if not spoke.enrolled:
            spoke.enrol()
    ground.guard(json.dumps({"version": 1, "allowed_accounts": list(SPOKES)}))
    return spokes[0]


def _elsewhere(ground: Ground, account: str) -> tuple[Ground, Target]:
    """A grant in another account than the attacker's."""
    there = Ground(ground.box, account)
    return there, there.granted()


def _plant(owner: SpokeAccount, target: Target) -> None:
    """A role with a grant's name and tags in the attacker's account."""
    trust = document({"Effect": "Allow", "Principal": {"AWS": _OWN}, "Action": "sts:AssumeRole"})
    tags = {"latchkey:stack": "latchkey", "latchkey:grant": f"{target.partner}.main"}
    owner.iam.create_role(
        RoleName=target.role,
        Path="/partners/",
        AssumeRolePolicyDocument=trust,
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )
    owner.iam.put_role_policy(RoleName=target.role, PolicyName="x", PolicyDocument=_EVERYTHING)


_PLACES = {"in the hub's account": ACCOUNT, "in another one": _OTHERS}


@attack(_PLACES, short=("in another one",))
def reaches_for_others_grants(ground: Ground, account: str) -> None:
    """Calls with all rights in its own account what would change a grant's role elsewhere."""
    owner = _owner(ground)
    there, target = _elsewhere(ground, account)
    sts = owner.client("sts")
    refused(
        lambda: sts.assume_role(RoleArn=target.role_arn, RoleSessionName="owner"),
        "the owner has a session of the partner's role",
    )
    for role in SpokeRole:
        arn = f"arn:aws:iam::{_OTHERS}:role/{role.name_for('latchkey')}"
        refused(
            partial(sts.assume_role, RoleArn=arn, RoleSessionName="owner"),
            f"the owner has a session of {arn}",
        )
    for function in FUNCTIONS.values():
        arn = f"arn:aws:iam::{ACCOUNT}:role/latchkey-{function}-us-east-1"
        refused(
            partial(sts.assume_role, RoleArn=arn, RoleSessionName="owner"),
            f"the owner has a session of {arn}",
        )
    there.works(target, there.assume(target))


@attack(_PLACES, short=("in the hub's account",))
def role_of_the_same_name(ground: Ground, account: str) -> None:
    """Has a role with a grant's name and tags in its account, to be taken for the grant's."""
    owner = _owner(ground)
    there, target = _elsewhere(ground, account)
    before = there.role(target.role)
    _plant(owner, target)
    ground.advance(1.1 * HOUR)
    assert there.role(target.role) == before, "the grant's role was changed"
    there.works(target, there.assume(target))
    assert owner.role(target.role), "a role that is no grant's was removed"
    done = ground.order(target, "revoke")
    assert done["status"] == "SUCCEEDED", f"the order failed: {done['cause']}"
    there.gone(target)


@attack({"and keeps it": True, "and lets it go": False}, short=("and keeps it",))
def takes_a_name(ground: Ground, keeps: bool) -> None:
    """Has a role with the name and tags of a grant to be, to have it taken for one that lives."""
    owner = _owner(ground)
    there = Ground(ground.box, _OTHERS)
    target = there.target()
    _plant(owner, target)
    reopen = owner.shut(SpokeRole.REVOKE) if keeps else None
    try:
        ground.advance(1.1 * HOUR)
        result = ground.outside.upload(target.key, target.config())
        assert result["outcome"] == "created", f"not granted: {result['reason']}"
        there.works(target, there.assume(target))
        assert bool(owner.role(target.role)) is keeps, "what is nobody's is removed"
    finally:
        if reopen:
            reopen()


@attack(_PLACES, short=("in another one",))
def forged_events(ground: Ground, account: str) -> None:
    """Makes changes of roles by another's grant's name, whose events its rule forwards."""
    owner = _owner(ground)
    there, target = _elsewhere(ground, account)
    session, before = there.assume(target), there.role(target.role)
    trust = document({"Effect": "Allow", "Principal": {"AWS": _OWN}, "Action": "sts:AssumeRole"})
    owner.iam.create_role(RoleName=target.role, Path="/partners/", AssumeRolePolicyDocument=trust)
    for _ in range(3):
        owner.iam.update_assume_role_policy(RoleName=target.role, PolicyDocument=trust)
    owner.iam.delete_role(RoleName=target.role)
    ground.settled()
    assert there.role(target.role) == before, "the grant's role was changed"
    there.works(target, session)
    assert ground.outside.state(target.partner)["status"] == "active"


_NOTHING = ("rejected", "failed")
"""Guardrails that are none cannot be read: nothing is granted there."""

_WIDER: dict[str, dict[str, Any]] = {
    "any service": {"allow_custom": True},
    "accounts of its own": {"allowed_accounts": ["*"]},
    "any account access": {"allowed_account_access": ["audit", "view", "billing"]},
    "no end": {"max_confirm_days": 3650},
}


@attack(_WIDER, short=("any service",))
def guardrails_that_widen(ground: Ground, rules: dict[str, Any]) -> None:
    """Writes guardrails that allow what the hub's do not."""
    owner = _owner(ground)
    there = Ground(ground.box, _OWN)
    target = there.target()
    owner.guard(**rules)
    try:
        custom = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::x/*"}
        asks: dict[str, Any] = {
            "custom": {"access": [{"service": "custom", "statements": [custom]}]},
            "audit": {"access": [{"service": "account", "allow": "audit"}]},
        }
        for what, changes in asks.items():
            result = ground.outside.upload(target.key, target.config(**changes))
            assert result["outcome"] in _NOTHING, f"{what} was {result['outcome']}"
        endless = {**target.config("expires_at"), "confirm_every_days": 30}
        result = ground.outside.upload(target.key, endless)
        assert result["outcome"] in _NOTHING, f"no end was {result['outcome']}"
        assert there.role(target.role) is None, "there is a role"
    finally:
        owner.guard()


def _trusts_all(owner: SpokeAccount, role: SpokeRole) -> None:
    trust = document({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"})
    name = role.name_for("latchkey")
    owner.iam.update_assume_role_policy(RoleName=name, PolicyDocument=trust)


@attack({role.value: role for role in SpokeRole}, short=(SpokeRole.GRANT.value,))
def lets_everybody_in(ground: Ground, role: SpokeRole) -> None:
    """Opens a role of its own spoke, for the hub's credentials to leak by it."""
    owner = _owner(ground)
    there, target = _elsewhere(ground, _OTHERS)
    reopen = owner.shut(role)
    try:
        _trusts_all(owner, role)
        arn = f"arn:aws:iam::{_OWN}:role/{role.name_for('latchkey')}"
        held = owner.client("sts").assume_role(RoleArn=arn, RoleSessionName="own")["Credentials"]
        sts = connect(ground.box.url, "sts", held["AccessKeyId"], token=held["SessionToken"])
        others = f"arn:aws:iam::{_OTHERS}:role/{role.name_for('latchkey')}"
        refused(
            lambda: sts.assume_role(RoleArn=others, RoleSessionName="own"),
            "its own role leads to another account's",
        )
        refused(
            lambda: sts.assume_role(RoleArn=target.role_arn, RoleSessionName="own"),
            "its own role leads to a partner's",
        )
        there.works(target, there.assume(target))
    finally:
        reopen()


run = suite(__name__)
