"""Whether a partner gets in: a role's policies as they stand in IAM, held to IAM's own rules."""

from datetime import datetime
from typing import Any

from latchkey.times import instant
from sandbox.iam.authorisation import allowed, may_assume
from tests.kit.examples import ACCOUNT, PARTNER_ACCOUNT


class Access:
    """A role as it is in IAM now; `iam` is a client, `external_id` what the partner sends."""

    def __init__(self, iam: Any, role: str, external_id: str, account: str = ACCOUNT) -> None:
        self._role = iam.get_role(RoleName=role)["Role"]
        self._external_id, self._account = external_id, account
        names = iam.list_role_policies(RoleName=role)["PolicyNames"]
        policies = (iam.get_role_policy(RoleName=role, PolicyName=name) for name in names)
        self._policies = [policy["PolicyDocument"] for policy in policies]
        self.role_id = str(self._role["RoleId"])
        self.longest = int(self._role["MaxSessionDuration"])

    def opens(self, now: datetime, account: str = PARTNER_ACCOUNT, external_id: str = "") -> bool:
        """Whether an account's AssumeRole with the external ID is let through at a time."""
        context = {**self._at(now), "sts:ExternalId": external_id or self._external_id}
        root = f"arn:aws:iam::{account}:root"
        return may_assume(self._role["AssumeRolePolicyDocument"], {account, root}, context)

    def works(self, now: datetime, action: str, resource: str, **more: str) -> bool:
        """Whether a session that was issued before may do something at a time; `more` is asked too.

        The boundary is left out: it can only take away, and knows no dates.
        """
        return allowed(self._policies, None, action, resource, {**self._at(now), **more})

    def _at(self, now: datetime) -> dict[str, str]:
        own = {"aws:ResourceAccount": self._account}
        return {"aws:CurrentTime": instant(now), "aws:SecureTransport": "true", **own}
