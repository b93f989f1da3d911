"""Roles in IAM: one with all its policies, or a summary of each role in the account."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from latchkey.aws.error_codes import error_code, translated
from latchkey.times import instant
from latchkey_cli.aws.stack import Stack
from latchkey_cli.importing.role import ExistingRole


@dataclass(frozen=True)
class RoleSummary:
    """A role of the account with its trust policy, and when it was created and last used."""

    name: str
    arn: str
    path: str
    trust_policy: dict[str, Any]
    tags: dict[str, str]
    created_at: str
    last_used: str | None


def read_role(stack: Stack, name: str) -> ExistingRole | None:
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
    return ExistingRole(
        name=role["RoleName"],
        arn=role["Arn"],
        trust_policy=_document(role["AssumeRolePolicyDocument"]),
        policies=policies,
        description=role.get("Description", ""),
        max_session_duration=role.get("MaxSessionDuration", 3600),
        tags=_tags(role),
        boundary_arn=role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
    )


def all_roles(stack: Stack) -> Iterator[RoleSummary]:
    """All roles of the account, a call per page (GetAccountAuthorizationDetails)."""
    pages = stack.client("iam").get_paginator("get_account_authorization_details")
    with translated("read all roles"):
        for page in pages.paginate(Filter=["Role"]):
            for role in page["RoleDetailList"]:
                used = role.get("RoleLastUsed", {}).get("LastUsedDate")
                yield RoleSummary(
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
