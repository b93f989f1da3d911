"""Roles of other accounts (spokes) that functions act under, and what narrows each of their uses.

What such a role may do at all stands in spoke.yaml. A session policy takes from that, and adds
nothing (IAM user guide, "Session policies"): a session for one grant reaches the one role.
"""

from enum import StrEnum

from latchkey.iam.document import Document
from latchkey.iam.environment import AwsEnvironment

VERSION = "1"
"""The version of spoke.yaml."""
VERSION_TAG = "latchkey:spoke-version"
"""The tag of the role `check` that says the version of its stack, so that the check reads it."""

LONGEST = 2_048
"""Characters of a session policy at most (STS API reference, AssumeRole, `Policy`)."""


class SpokeRole(StrEnum):
    """The roles by the end of their names; each trusts one function of the hub."""

    PLAN = "plan"
    PLAN_ORDER = "plan-order"
    GRANT = "grant"
    SUSPEND = "suspend"
    REVOKE = "revoke"
    CHECK = "check"

    def name_for(self, stack: str) -> str:
        """The role's name in every account that a stack may grant in."""
        return f"{stack}-spoke-{self}"

    def arn_for(self, stack: str, environment: AwsEnvironment) -> str:
        """The role's ARN in the environment's account."""
        account = f"arn:{environment.partition}:iam::{environment.account}"
        return f"{account}:role/{self.name_for(stack)}"


_ATTACHED = ("iam:GetPolicy", "iam:GetPolicyVersion")
_PROVIDERS = ("iam:GetOpenIDConnectProvider", "iam:ListOpenIDConnectProviders")
_ELSEWHERE: dict[SpokeRole, tuple[str, ...]] = {
    SpokeRole.PLAN: (*_ATTACHED, *_PROVIDERS),
    SpokeRole.PLAN_ORDER: _ATTACHED,
    SpokeRole.GRANT: (
        "access-analyzer:CheckNoPublicAccess",
        "access-analyzer:ValidatePolicy",
        *_ATTACHED,
    ),
    SpokeRole.SUSPEND: _ATTACHED,
    SpokeRole.REVOKE: ("iam:RemoveRoleFromInstanceProfile",),
}
"""What a role does that is about no partner role: policies that others attached, and so on."""


def session_policy(role: SpokeRole, environment: AwsEnvironment, name: str) -> Document:
    """What narrows a session of a role to the partner role of a name, in one account.

    The name is the account's only one, whatever the path (IAM user guide, "IAM identifiers"), and
    IAM asks for the bare one where there is no such role. Planning also looks up what its config
    names, which is not about IAM.

    Raises
    ------
    ValueError
        For a role that is about all partner roles: there is no one to narrow it to.
    """
    if role not in _ELSEWHERE:
        raise ValueError(f"a session of {role} is for no single partner role")
    roles = f"arn:{environment.partition}:iam::{environment.account}:role/"
    this = [f"{roles}{name}", f"{roles}*/{name}"]
    statements: list[Document] = [
        {"Sid": "ThisRole", "Effect": "Allow", "Action": "iam:*", "Resource": this},
        {"Sid": "Else", "Effect": "Allow", "Action": [*_ELSEWHERE[role]], "Resource": "*"},
    ]
    if role is SpokeRole.PLAN:
        named = {"Effect": "Allow", "NotAction": ["iam:*", "sts:*"], "Resource": "*"}
        statements.append({"Sid": "WhatIsNamed", **named})
    return {"Version": "2012-10-17", "Statement": statements}
