"""Somebody who runs code in a function of the hub, and tries what it can do in other accounts.

IAM cannot demand a session policy: what is shown is what holds without one.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from latchkey.iam.environment import AwsEnvironment
from latchkey.iam.spoke import SpokeRole, session_policy
from sandbox.connection import connect
from tests.kit.examples import ACCOUNT
from tests.kit.spoke_account import SpokeAccount
from tests.kit.stack.spokes import FUNCTIONS, SPOKES
from tools.attacks.ground import Ground, document, refused, statement
from tools.attacks.suite import attack, suite
from tools.attacks.target import Target

_HERE, _OTHER = SPOKES
_NOT_ENROLLED = "999988887777"
OWN_ACCOUNTS = True
_EVERYTHING = document(statement("*"))
_STRANGER = document(
    {"Effect": "Allow", "Principal": {"AWS": _NOT_ENROLLED}, "Action": "sts:AssumeRole"}
)
ROLES = {role.value: role for role in SpokeRole}


def _enrolled(ground: Ground) -> tuple[Ground, Target]:
    """A grant in one of two accounts that are enrolled."""
    for account in SPOKES:
        spoke = SpokeAccount(ground.box, account)
        if not spoke.enrolled:
            spoke.enrol()
    ground.guard(json.dumps({"version": 1, "allowed_accounts": list(SPOKES)}))
    there = Ground(ground.box, _HERE)
    return there, there.granted()


def _function(ground: Ground, role: SpokeRole) -> Any:
    return ground.box.function_client(f"latchkey-{FUNCTIONS[role]}", "sts")


def _session(ground: Ground, role: SpokeRole, policy: Any = None) -> Callable[[str], Any]:
    """Clients of a spoke's role for whoever has the function's session; by default not narrowed."""
    arn = role.arn_for("latchkey", AwsEnvironment("aws", "us-east-1", _HERE))
    narrowed = {"Policy": json.dumps(policy)} if policy else {}
    held = _function(ground, role).assume_role(RoleArn=arn, RoleSessionName="taken", **narrowed)
    keys = held["Credentials"]
    return lambda service: connect(
        ground.box.url, service, keys["AccessKeyId"], token=keys["SessionToken"]
    )


@attack(ROLES, short=("grant", "check"))
def another_functions_role(ground: Ground, role: SpokeRole) -> None:
    """Assumes the role of a spoke that is for another function."""
    _enrolled(ground)
    sts = _function(ground, role)
    for other in SpokeRole:
        arn = other.arn_for("latchkey", AwsEnvironment("aws", "us-east-1", _HERE))
        if other is not role:
            refused(
                partial(sts.assume_role, RoleArn=arn, RoleSessionName="taken"),
                f"{role} has a session of {other}",
            )


@attack(ROLES, short=("plan",))
def pointed_at_another_account(ground: Ground, role: SpokeRole) -> None:
    """Is pointed at an account that trusts no hub, or another one."""
    _enrolled(ground)
    stranger = SpokeAccount(ground.box, _NOT_ENROLLED)
    sts, arn = _function(ground, role), f"arn:aws:iam::{_NOT_ENROLLED}:role/"
    name = role.name_for("latchkey")
    refused(
        lambda: sts.assume_role(RoleArn=arn + name, RoleSessionName="taken"),
        "an account without the stack lets it in",
    )
    if not stranger.enrolled:
        stranger.enrol(HubAccount="444455556666")
    refused(
        lambda: sts.assume_role(RoleArn=arn + name, RoleSessionName="taken"),
        "an account of another hub lets it in",
    )
    stranger.leave()


def _calls(iam: Any, target: Target) -> dict[str, Callable[[], Any]]:
    """What no role of a spoke may do, with a session policy or without."""
    hubs = f"arn:aws:iam::{ACCOUNT}:policy/latchkey-partner-boundary-us-east-1"
    own = {"RoleName": "latchkey-spoke-grant"}
    new = {"Path": "/partners/", "AssumeRolePolicyDocument": _STRANGER}
    tags = [
        {"Key": "latchkey:stack", "Value": "latchkey"},
        {"Key": "latchkey:grant", "Value": "mine.main"},
    ]
    return {
        "makes a role without a boundary": lambda: iam.create_role(
            RoleName="partner-mine.main", Tags=tags, **new
        ),
        "makes one within the hub's boundary": lambda: iam.create_role(
            RoleName="partner-mine.main", PermissionsBoundary=hubs, Tags=tags, **new
        ),
        "makes an administrator": lambda: iam.create_role(
            RoleName="mine", AssumeRolePolicyDocument=_STRANGER
        ),
        "gives its own role more": lambda: iam.put_role_policy(
            **own, PolicyName="more", PolicyDocument=_EVERYTHING
        ),
        "lets others into its own role": lambda: iam.update_assume_role_policy(
            **own, PolicyDocument=_STRANGER
        ),
        "removes another of the spoke's roles": lambda: iam.delete_role(
            RoleName="latchkey-spoke-revoke"
        ),
        "takes a role's boundary off": lambda: iam.delete_role_permissions_boundary(
            RoleName=target.role
        ),
        "attaches a policy": lambda: iam.attach_role_policy(
            RoleName=target.role, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"
        ),
        "makes a user": lambda: iam.create_user(UserName="mine"),
        "makes a policy": lambda: iam.create_policy(PolicyName="mine", PolicyDocument=_EVERYTHING),
    }


@attack(ROLES, short=("grant", "suspend"))
def without_its_session_policy(ground: Ground, role: SpokeRole) -> None:
    """Assumes its role of a spoke without the policy that narrows it to one partner role."""
    there, target = _enrolled(ground)
    client = _session(ground, role)
    for what, call in _calls(client("iam"), target).items():
        refused(call, f"{role} {what}")
    refused(
        lambda: client("ssm").put_parameter(
            Name="/latchkey/guardrails", Value="{}", Overwrite=True
        ),
        f"{role} writes the spoke's guardrails",
    )
    for arn in (target.role_arn, f"arn:aws:iam::{_OTHER}:role/{role.name_for('latchkey')}"):
        refused(
            partial(client("sts").assume_role, RoleArn=arn, RoleSessionName="taken"),
            f"{role} goes on to {arn}",
        )
    refused(
        lambda: client("secretsmanager").get_secret_value(SecretId=f"{target.partner}/key"),
        f"{role} reads what partners read",
    )
    there.works(target, there.assume(target))


_NARROWED = {name: role for name, role in ROLES.items() if role is not SpokeRole.CHECK}


@attack(_NARROWED, short=("revoke",))
def a_session_of_another_grant(ground: Ground, role: SpokeRole) -> None:
    """Uses a session that was narrowed to one grant's role on another's."""
    there, target = _enrolled(ground)
    other = there.granted()
    environment = AwsEnvironment("aws", "us-east-1", _HERE)
    iam = _session(ground, role, session_policy(role, environment, other.role))("iam")
    name = {"RoleName": target.role}
    calls: dict[str, Callable[[], Any]] = {
        "reads": lambda: iam.get_role(**name),
        "empties": lambda: iam.delete_role_policy(**name, PolicyName="latchkey-access"),
        "removes": lambda: iam.delete_role(**name),
        "opens": lambda: iam.update_assume_role_policy(**name, PolicyDocument=_STRANGER),
        "widens": lambda: iam.put_role_policy(
            **name, PolicyName="latchkey-access", PolicyDocument=_EVERYTHING
        ),
    }
    for what, call in calls.items():
        refused(call, f"a session for {other.role} {what} {target.role}")
    there.works(target, there.assume(target))


run = suite(__name__)
