"""Checks of what approvals rest on: the config bucket's policy, and that approvers exist."""

import json
from collections.abc import Iterable, Iterator

from botocore.exceptions import ClientError

from latchkey.aws.error_codes import error_code
from latchkey.config.approval_rules import Approval
from latchkey.errors import GuardrailsUnreadable
from latchkey.iam.statement import Statement, statements_of
from latchkey_cli.aws.stack import Stack
from latchkey_cli.grants.waiting import rules_in_force
from latchkey_cli.health_checks.result import CheckResult, counted, fail, ok

_WRITES = {"s3:putobject", "s3:replicateobject", "s3:deleteobject", "s3:replicatedelete"}
_REMOVES = {"s3:deleteobjectversion"}
_PUTS = {"s3:putobject", "s3:replicateobject"}
_FOLDERS = "approvals/*/*/*/A*/*"
_OPEN = ("partners/*", "inline/*", "approvals/*/${aws:userid}.json")


def approvals_can_be_believed(stack: Stack) -> CheckResult:
    """Keys attest who wrote them, and every approver is a role or user that is there."""
    try:
        approval = rules_in_force(stack)
    except GuardrailsUnreadable:
        return ok("no rule can be read, and nothing is granted meanwhile")
    if approval is None:
        return ok("no rule asks for any")
    if not _policy_is_in_force(stack):
        return fail(
            "the config bucket's policy lets people write or remove what is others': deploy the "
            "stack again, and find out who changed it; until then no approval proves anything",
            "approvals",
        )
    gone = sorted(_members(approval) - set(_unique_ids(stack)))
    if gone:
        are = "is" if len(gone) == 1 else "are"
        return fail(
            f"{counted(len(gone), 'approver')} of the guardrails {are} not in this account: "
            f"{', '.join(gone[:5])}; take them out, or write the new unique ID",
            "approvals",
        )
    groups = counted(len(approval.groups), "group")
    return ok(f"{groups}, {counted(len(_members(approval)), 'member')}; the policy is in force")


def _policy_is_in_force(stack: Stack) -> bool:
    """Whether nobody may write but where it is open to them, nor remove versions for good.

    Who has no user ID is denied by a statement of its own: a variable without a value may void one.
    """
    bucket = stack.output("ConfigBucketName")
    try:
        text = stack.client("s3").get_bucket_policy(Bucket=bucket)["Policy"]
    except ClientError as error:
        if error_code(error) != "NoSuchBucketPolicy":
            raise
        return False
    document = json.loads(text)
    arn = f"arn:{stack.environment.partition}:s3:::{bucket}"
    allowed = {f"{arn}/{place}" for place in _OPEN}
    newest = document.get("Version") == "2012-10-17"  # before, variables are texts
    found = [one for one in statements_of(document) if newest]
    denied = [one for one in found if _denies_everybody(one, _WRITES)]
    nobody = any(_closes_to_nobody(one, f"{arn}/approvals/*") for one in denied)
    kept = any(_keeps(one, _REMOVES, f"{arn}/*") for one in found)
    bare = any(_keeps(one, _PUTS, f"{arn}/{_FOLDERS}") for one in found)
    return kept and bare and nobody and any(_closes(one, allowed) for one in denied)


def _denies_everybody(one: Statement, actions: set[str]) -> bool:
    everybody = [(named.kind, named.name) for named in one.principals or ()] == [("AWS", "*")]
    all_of_them = {action.lower() for action in one.actions} >= actions or "s3:*" in one.actions
    return one.effect == "Deny" and everybody and all_of_them


def _keeps(one: Statement, actions: set[str], resource: str) -> bool:
    whole = not one.conditions and resource in one.resources
    return whole and _denies_everybody(one, actions)


def _closes(one: Statement, allowed: set[str]) -> bool:
    return not one.conditions and {*(one.not_resources or ("",))} <= allowed


def _closes_to_nobody(one: Statement, approvals: str) -> bool:
    of = [(found.operator, found.key.lower(), found.values) for found in one.conditions]
    return of == [("Null", "aws:userid", ("true",))] and approvals in one.resources


def _members(approval: Approval) -> set[str]:
    return {member for group in approval.groups.values() for member in group.members}


def _unique_ids(stack: Stack) -> Iterator[str]:
    """The unique IDs of all roles and users of the account."""
    iam = stack.client("iam")
    for call, kind, field in (("list_roles", "Roles", "RoleId"), ("list_users", "Users", "UserId")):
        pages: Iterable[dict[str, list[dict[str, str]]]] = iam.get_paginator(call).paginate()
        for page in pages:
            yield from (one[field] for one in page[kind])
