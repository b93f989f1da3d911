"""Sessions and roles as moto stores them, read from its backends without API calls."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from sandbox.account import ACCOUNT, PARTITION


@dataclass(frozen=True)
class Session:
    """A session that AssumeRole created; `role_id` is the unique ID of its role then.

    Both are None where moto runs without the fix that keeps them. `policy` is the session policy.
    """

    role_arn: str
    arn: str
    expires: datetime
    issued: datetime | None
    role_id: str | None
    policy: str | None = None


def session(access_key: str) -> Session | None:
    """The session that an access key belongs to; None for other keys.

    `<key>.taken-over` is the same session in somebody else's hands, whose calls the journal does
    not count as the function's.
    """
    access_key = access_key.removesuffix(".taken-over")
    for account in list(sts_backends.values()):
        found = account[PARTITION].get_assumed_role_from_access_key(access_key)
        if found:
            expires = found.expiration.replace(tzinfo=UTC)
            issued, role_id = (vars(found).get(name) for name in ("issued", "role_id"))
            policy = found.policy or None
            return Session(found.role_arn, found.arn, expires, issued, role_id, policy)
    return None


def user_id(access_key: str) -> str:
    """`aws:userid` of a caller: `AROA…:<session>`, `AIDA…` of an IAM user, else the root's account.

    IAM user guide, "Policy variables": the values of `aws:userid` by kind of principal.
    """
    held = session(access_key)
    if held:
        made = role(held.role_arn)
        return f"{held.role_id or (made.id if made else 'AROAGONE')}:{held.arn.rsplit('/', 1)[-1]}"
    for account in list(iam_backends.values()):
        for user in account[PARTITION].users.values():
            if any(key.access_key_id == access_key for key in user.access_keys):
                return str(user.id)
    return access_key if len(access_key) == 12 and access_key.isdigit() else ACCOUNT


def account_of(access_key: str) -> str:
    """The account that a caller acts in: its session's, the one that its key is, or the stack's."""
    held = session(access_key)
    if held:
        return held.role_arn.split(":")[4]
    return access_key if len(access_key) == 12 and access_key.isdigit() else ACCOUNT


def role(arn: str) -> Any | None:
    """The role with an ARN, in any account, as moto stores it."""
    account = arn.split(":")[4] if arn.count(":") >= 5 else ACCOUNT
    roles = list(iam_backends[account][PARTITION].roles.values())
    return next((found for found in roles if found.arn == arn), None)


def role_named(name: str, account: str = ACCOUNT) -> Any | None:
    """The role with a name in an account; names are not case-sensitive."""
    roles = list(iam_backends[account][PARTITION].roles.values())
    return next((found for found in roles if found.name.lower() == name.lower()), None)


def instance_profile(name: str, path: str, account: str = ACCOUNT) -> str:
    """The ARN of an instance profile; one that is to be made has a path."""
    held = list(iam_backends[account][PARTITION].instance_profiles.values())
    found = next((profile.arn for profile in held if profile.name == name), None)
    return str(found or f"arn:aws:iam::{account}:instance-profile{path}{name}")


def documents(of: Any) -> list[Any]:
    """The permissions policies of a role, both inline and attached."""
    return [*of.policies.values(), *map(_document, of.managed_policies.values())]


def boundary(of: Any) -> Any | None:
    """The document of a role's permissions boundary; None if it has none or an unknown one."""
    if not of.permissions_boundary_arn:
        return None
    policies = iam_backends[of.account_id][PARTITION].managed_policies
    found = policies.get(of.permissions_boundary_arn)
    return _document(found) if found else None


def _document(policy: Any) -> Any:
    versions = {version.version_id: version.document for version in policy.versions}
    return versions[policy.default_version_id]
