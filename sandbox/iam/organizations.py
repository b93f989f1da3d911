"""Service control policies of an account, as moto's Organizations has them: what they deny.

Those of the account and of all that it is in. FullAWSAccess denies nothing; that a policy would
have to allow an action as well is not played.
"""

from collections.abc import Iterator
from typing import Any

from moto.organizations.models import organizations_backends

from sandbox.account import PARTITION
from sandbox.iam.authorisation import Context, denies


def organization_denies(account: str, action: str, resource: str, context: Context) -> bool:
    """Whether a policy of the organization denies an account's principals an action."""
    return denies(_policies(account), action, resource, context)


def _policies(account: str) -> Iterator[Any]:
    for management in list(organizations_backends.values()):
        backend = management[PARTITION]
        above: dict[str, Any] = {unit.id: unit for unit in backend.ou}
        target = next((one for one in backend.accounts if one.id == account), None)
        while target is not None:
            for policy in target.attached_policies:
                if policy.type == "SERVICE_CONTROL_POLICY":
                    yield policy.content
            target = above.get(getattr(target, "parent_id", None) or "")
