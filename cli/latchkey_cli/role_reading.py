"""Roles with all their policies, read from IAM: one by its name, or all of the account."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from latchkey.aws.translate import error_code, translated
from latchkey.times import instant
from latchkey_cli.importing.hand_made import HandMade
from latchkey_cli.stack import Stack


@dataclass(frozen=True)
class Listed:
    """A role of the account: who may assume it, and since when nobody has."""

    name: str
    arn: str
    path: str
    trust_policy: dict[str, Any]
    tags: dict[str, str]
    created_at: str
    last_used: str | None


def read_role(stack: Stack, name: str) -> HandMade | None:
    """A role with its inline and attached policies, or None."""
    iam = stack.client("iam")
    with translated(f"read role {name}"):
        try:
            role = iam.get_role(RoleName=name)["Role"]
        except ClientError as error:
            if error_code(error) == "NoSuchEntity":
                return None
            raise
        policies = {**_inline(iam, name), **_attached(iam, name)}
    return HandMade(
        name=role["RoleName"],
        arn=role["Arn"],
        trust_policy=_document(role["AssumeRolePolicyDocument"]),
        policies=policies,
        description=role.get("Description", ""),
        max_session_duration=role.get("MaxSessionDuration", 3600),
        tags=_tags(role),
        boundary_arn=role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
    )


def all_roles(stack: Stack) -> Iterator[Listed]:
    """All roles of the account; a call per page of them (GetAccountAuthorizationDetails)."""
    pages = stack.client("iam").get_paginator("get_account_authorization_details")
    with translated("read all roles"):
        for page in pages.paginate(Filter=["Role"]):
            for role in page["RoleDetailList"]:
                used = role.get("RoleLastUsed", {}).get("LastUsedDate")
                yield Listed(
                    role["RoleName"],
                    role["Arn"],
                    role["Path"],
                    _document(role["AssumeRolePolicyDocument"]),
                    _tags(role),
                    instant(role["CreateDate"]),
                    instant(used) if used else None,
                )


def _inline(iam: Any, name: str) -> dict[str, Any]:
    pages = iam.get_paginator("list_role_policies").paginate(RoleName=name)
    names = [policy for page in pages for policy in page["PolicyNames"]]
    read = iam.get_role_policy
    return {p: _document(read(RoleName=name, PolicyName=p)["PolicyDocument"]) for p in names}


def _attached(iam: Any, name: str) -> dict[str, Any]:
    pages = iam.get_paginator("list_attached_role_policies").paginate(RoleName=name)
    arns = [item["PolicyArn"] for page in pages for item in page["AttachedPolicies"]]
    found = {}
    for arn in arns:
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        answer = iam.get_policy_version(PolicyArn=arn, VersionId=version)
        found[arn.rpartition("/")[2]] = _document(answer["PolicyVersion"]["Document"])
    return found


def _tags(role: Any) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in role.get("Tags", [])}


def _document(found: Any) -> dict[str, Any]:
    return dict(json.loads(found)) if isinstance(found, str) else dict(found or {})
