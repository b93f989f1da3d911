"""Somebody with `iam:*` under the roles' path who closes roles, and must not be undone."""

import json
from collections.abc import Callable
from typing import Any

from tests.kit.examples import OTHER_ACCOUNT, PARTNER_ACCOUNT
from tools.attacks.ground import HOUR, MINUTE, Ground, document, refused, statement
from tools.attacks.people import administrator
from tools.attacks.suite import attack, suite
from tools.attacks.target import Target

_DENY_ALL = statement("*", effect="Deny")


def _inline_deny(_: Ground, iam: Any, target: Target) -> None:
    iam.put_role_policy(
        RoleName=target.role, PolicyName="incident-7", PolicyDocument=document(_DENY_ALL)
    )


def _older_sessions(ground: Ground, iam: Any, target: Target) -> None:
    """What the console's "Revoke active sessions" writes (IAM user guide)."""
    now = {"aws:TokenIssueTime": ground.outside.in_(seconds=30)}
    deny = _DENY_ALL | {"Condition": {"DateLessThan": now}}
    iam.put_role_policy(
        RoleName=target.role, PolicyName="AWSRevokeOlderSessions", PolicyDocument=document(deny)
    )


def _attached_deny(_: Ground, iam: Any, target: Target) -> None:
    name = f"deny-{target.partner}"
    made = iam.create_policy(PolicyName=name, PolicyDocument=document(_DENY_ALL))["Policy"]
    iam.attach_role_policy(RoleName=target.role, PolicyArn=made["Arn"])


def _narrow_deny(_: Ground, iam: Any, target: Target) -> None:
    """Only what the grant is about, in the policy that Latchkey writes itself."""
    found = iam.get_role_policy(RoleName=target.role, PolicyName="latchkey-access")
    policy = found["PolicyDocument"]
    policy["Statement"].append(_DENY_ALL)
    iam.put_role_policy(
        RoleName=target.role, PolicyName="latchkey-access", PolicyDocument=json.dumps(policy)
    )


_OF_GRANT = ["s3:*", "secretsmanager:*"]


def _denied_objects(_: Ground, iam: Any, target: Target) -> None:
    """A denial in Latchkey's own policy, under the Sid that Latchkey has for cut-offs."""
    found = iam.get_role_policy(RoleName=target.role, PolicyName="latchkey-access")
    policy = found["PolicyDocument"]
    policy["Statement"].append({**_DENY_ALL, "Sid": "IssuedBefore", "Action": _OF_GRANT})
    iam.put_role_policy(
        RoleName=target.role, PolicyName="latchkey-access", PolicyDocument=json.dumps(policy)
    )


def _quarantine(_: Ground, iam: Any, target: Target) -> None:
    name = f"quarantine-{target.partner}"
    made = iam.create_policy(PolicyName=name, PolicyDocument=document(_DENY_ALL))["Policy"]
    iam.put_role_permissions_boundary(RoleName=target.role, PermissionsBoundary=made["Arn"])


CLOSES: dict[str, Callable[[Ground, Any, Target], None]] = {
    "an inline deny": _inline_deny,
    "the console's AWSRevokeOlderSessions": _older_sessions,
    "a deny policy attached": _attached_deny,
    "a deny in Latchkey's own policy": _narrow_deny,
    "a deny under the Sid of a cut-off": _denied_objects,
    "a boundary of its own": _quarantine,
}


@attack(CLOSES, short=("an inline deny", "a boundary of its own"))
def closed_by_a_responder(ground: Ground, close: Callable[[Ground, Any, Target], None]) -> None:
    """Waits for the check of all roles to undo what a responder closed."""
    target = ground.granted()
    session = ground.assume(target)
    close(ground, administrator(ground), target)
    ground.dead(target, session)
    ground.advance(1.1 * HOUR)
    ground.dead(target, session)
    ground.outside.start({"action": "check", "partner": target.partner})
    ground.dead(target, session)
    findings = json.dumps(ground.outside.state(target.partner), default=str)
    words = [finding for finding in ("findings", "problems") if finding in findings]
    assert words, "nobody is told that the role is not as its file says"
    done = ground.order(target, "resume")
    outcome = (done["output"] or {}).get("outcome")
    assert outcome == "updated", f"resume does not open it again: {outcome} {done['cause']}"
    ground.dead(target, session)
    ground.advance(2 * MINUTE)
    ground.dead(target, session)
    ground.works(target, ground.assume(target))


@attack({"by resume": False, "by a new version": True})
def closed_and_opened_again(ground: Ground, uploads: bool) -> None:
    """Removes a principal by hand, which nothing but an order or a new version may undo."""
    target = ground.granted(principals=[PARTNER_ACCOUNT, OTHER_ACCOUNT])
    trust = ground.role(target.role)
    assert trust
    policy = json.dumps(trust["AssumeRolePolicyDocument"])
    for form in (f"arn:aws:iam::{PARTNER_ACCOUNT}:root", PARTNER_ACCOUNT):
        policy = policy.replace(f'"{form}", ', "").replace(f', "{form}"', "")
    assert PARTNER_ACCOUNT not in policy
    administrator(ground).update_assume_role_policy(RoleName=target.role, PolicyDocument=policy)
    refused(lambda: ground.assume(target), "the removed principal got in")
    ground.advance(1.1 * HOUR)
    refused(lambda: ground.assume(target), "the check of all roles let the principal in again")
    if uploads:
        config = target.config(principals=[PARTNER_ACCOUNT, OTHER_ACCOUNT], purpose="New words")
        ground.outside.upload(target.key, config)
    else:
        assert ground.order(target, "resume")["status"] == "SUCCEEDED"
    ground.advance(2 * MINUTE)
    ground.works(target, ground.assume(target))


@attack(short=True)
def tags_of_an_organization(ground: Ground) -> None:
    """Tags roles as an organization's automation does, and sees them come back every hour."""
    target = ground.granted()
    tag = {"Key": "org:cost-center", "Value": "4711"}
    administrator(ground).tag_role(RoleName=target.role, Tags=[tag])
    before = ground.outside.events(target.partner)
    ground.advance(1.1 * HOUR)
    role = ground.role(target.role)
    assert role, "there is no role"
    assert tag in role["Tags"], "the organization's tag was taken off"
    assert ground.outside.events(target.partner) == before, "the history counts it as a change"


run = suite(__name__)
