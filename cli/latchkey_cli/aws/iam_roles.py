"""Roles in IAM: one with all its policies, or a summary of each role in the account."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from latchkey.aws.error_codes import error_code, translated
from latchkey.iam.statement import statements_of
from latchkey.times import instant
from latchkey_cli.aws.stack import Stack
from latchkey_cli.importing.role import ExistingRole


@dataclass(frozen=True)
class RoleSummary:
    """A role of the account with its trust policy, and when it was created and last used.

    `inline` are the documents of its inline policies by name, `attached` the ARNs of the others.
    """

    name: str
    arn: str
    path: str
    trust_policy: dict[str, Any]
    tags: dict[str, str]
    created_at: str
    last_used: str | None
    inline: Mapping[str, Any] = field(default_factory=dict)
    attached: tuple[str, ...] = ()
    boundary_arn: str | None = None


@dataclass(frozen=True)
class RolePolicies:
    """The permissions policies of a role by name, and its boundary; `unread` could not be read."""

    documents: Mapping[str, Any] = field(default_factory=dict)
    boundary: Mapping[str, Any] | None = None
    unread: tuple[str, ...] = ()


class PolicyReader:
    """Reads managed policies, each once."""

    def __init__(self, stack: Stack) -> None:
        self._iam = stack.client("iam")
        self._known: dict[str, dict[str, Any] | None] = {}

    def of(self, role: RoleSummary) -> RolePolicies:
        """The policies of a role; a boundary that cannot be read counts as if it allowed all."""
        found = {arn: self._read(arn) for arn in role.attached}
        documents = {**role.inline, **{arn: one for arn, one in found.items() if one is not None}}
        boundary = self._read(role.boundary_arn) if role.boundary_arn else None
        unread = tuple(arn for arn, one in found.items() if one is None)
        return RolePolicies(documents, boundary, unread)

    def _read(self, arn: str) -> dict[str, Any] | None:
        if arn not in self._known:
            self._known[arn] = _managed(self._iam, arn)
        return self._known[arn]


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
        attached = {arn.rpartition("/")[2]: arn for arn in _attached(iam, name)}
        managed = {policy: _default_version(iam, arn) for policy, arn in attached.items()}
        policies = {**_inline(iam, name), **managed}
        boundary = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    return ExistingRole(
        name=role["RoleName"],
        arn=role["Arn"],
        trust_policy=_document(role["AssumeRolePolicyDocument"]),
        policies=policies,
        attached=attached,
        description=role.get("Description", ""),
        max_session_duration=role.get("MaxSessionDuration", 3600),
        tags=_tags(role),
        boundary_arn=boundary,
        boundary=_managed(iam, boundary) if boundary else None,
    )


def allowed_by_policy(stack: Stack, arn: str) -> tuple[str, ...]:
    """The actions that a managed policy allows; none where the caller may not see it."""
    found = statements_of(_managed(stack.client("iam"), arn) or {})
    return tuple(action for one in found if one.effect == "Allow" for action in one.actions)


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
                    {p["PolicyName"]: _document(p["PolicyDocument"]) for p in _inline_of(role)},
                    tuple(p["PolicyArn"] for p in role.get("AttachedManagedPolicies", [])),
                    role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
                )


def _inline(iam: Any, name: str) -> dict[str, Any]:
    pages = iam.get_paginator("list_role_policies").paginate(RoleName=name)
    names = [policy for page in pages for policy in page["PolicyNames"]]
    read = iam.get_role_policy
    return {p: _document(read(RoleName=name, PolicyName=p)["PolicyDocument"]) for p in names}


def _attached(iam: Any, name: str) -> list[str]:
    pages = iam.get_paginator("list_attached_role_policies").paginate(RoleName=name)
    return [item["PolicyArn"] for page in pages for item in page["AttachedPolicies"]]


def _managed(iam: Any, arn: str) -> dict[str, Any] | None:
    """A managed policy, or None where the caller may not see it."""
    with translated(f"read policy {arn}"):
        try:
            return _default_version(iam, arn)
        except ClientError as error:
            if error_code(error) in ("AccessDenied", "NoSuchEntity"):
                return None
            raise


def _default_version(iam: Any, arn: str) -> dict[str, Any]:
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    answer = iam.get_policy_version(PolicyArn=arn, VersionId=version)
    return _document(answer["PolicyVersion"]["Document"])


def _inline_of(role: Any) -> list[Any]:
    return list(role.get("RolePolicyList", []))


def _tags(role: Any) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in role.get("Tags", [])}


def _document(found: Any) -> dict[str, Any]:
    return dict(json.loads(found)) if isinstance(found, str) else dict(found or {})
