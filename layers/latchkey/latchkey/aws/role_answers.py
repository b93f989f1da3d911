"""What IAM answers about roles, as observed roles."""

import json
from datetime import datetime
from typing import Any

from latchkey.grants.role import POLICY_NAME, ObservedRole
from latchkey.times import instant


def observed_role(role: Any, more: dict[str, Any]) -> ObservedRole:
    """A role as IAM answers it, with what belongs to it."""
    return ObservedRole(
        name=role["RoleName"],
        arn=role["Arn"],
        path=role["Path"],
        role_id=role["RoleId"],
        description=role.get("Description", ""),
        max_session_duration=role.get("MaxSessionDuration", 3600),
        boundary_arn=role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        tags={tag["Key"]: tag["Value"] for tag in role.get("Tags", [])},
        trust_policy=policy_document(role.get("AssumeRolePolicyDocument")),
        created_at=_instant(role.get("CreateDate")),
        last_used=_instant(role.get("RoleLastUsed", {}).get("LastUsedDate")),
        **more,
    )


def _instant(moment: datetime | None) -> str | None:
    return instant(moment) if moment else None


def role_details(role: Any) -> dict[str, Any]:
    """What belongs to a role, as GetAccountAuthorizationDetails answers it."""
    found = role["RolePolicyList"]
    inline = {item["PolicyName"]: policy_document(item["PolicyDocument"]) for item in found}
    return {
        "inline_policies": tuple(inline),
        "permissions_policy": inline.get(POLICY_NAME),
        "others": {name: one for name, one in inline.items() if name != POLICY_NAME},
        "attached_policies": tuple(a["PolicyArn"] for a in role["AttachedManagedPolicies"]),
    }


def policy_document(found: Any) -> dict[str, Any]:
    """A policy document as IAM answers it, which botocore may have read already."""
    return json.loads(found) if isinstance(found, str) else dict(found or {})
