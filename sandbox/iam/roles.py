"""Sessions and roles as moto stores them, read from its backends without API calls."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from sandbox.account import ACCOUNT, PARTITION


@dataclass(frozen=True)
class Session:
    """What AssumeRole gave out."""

    role_arn: str
    arn: str
    expires: datetime


def session(access_key: str) -> Session | None:
    """The session that an access key belongs to, if it does."""
    for account in list(sts_backends.values()):
        found = account[PARTITION].get_assumed_role_from_access_key(access_key)
        if found:
            return Session(found.role_arn, found.arn, found.expiration.replace(tzinfo=UTC))
    return None


def role(arn: str) -> Any | None:
    """The role of an ARN, in whichever account, as moto keeps it."""
    account = arn.split(":")[4] if arn.count(":") >= 5 else ACCOUNT
    roles = list(iam_backends[account][PARTITION].roles.values())
    return next((found for found in roles if found.arn == arn), None)


def role_named(name: str) -> Any | None:
    """The role of a name, in our account, as moto keeps it; names know no case."""
    roles = list(iam_backends[ACCOUNT][PARTITION].roles.values())
    return next((found for found in roles if found.name.lower() == name.lower()), None)


def documents(of: Any) -> list[Any]:
    """The permissions policies of a role, inline and attached, as moto keeps them."""
    return [*of.policies.values(), *map(_document, of.managed_policies.values())]


def boundary(of: Any) -> Any | None:
    """The document of a role's permissions boundary; None when it has none or it is unknown."""
    if not of.permissions_boundary_arn:
        return None
    policies = iam_backends[ACCOUNT][PARTITION].managed_policies
    found = policies.get(of.permissions_boundary_arn)
    return _document(found) if found else None


def _document(policy: Any) -> Any:
    versions = {version.version_id: version.document for version in policy.versions}
    return versions[policy.default_version_id]
