"""What waits for approval, and the files by which somebody approves or rejects it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click
from botocore.exceptions import ClientError

from latchkey.aws.approvals import Approvals
from latchkey.aws.authors import Authors
from latchkey.aws.error_codes import translated
from latchkey.config.approval_rules import Approval
from latchkey.errors import LatchkeyError
from latchkey.grant_id import GrantId
from latchkey.grants.approval import may_count, uploader
from latchkey.grants.approval_key import GivenApproval, approved_grant
from latchkey.grants.author import Author
from latchkey.grants.record import GrantRecord
from latchkey.keys import REJECTING, approval_prefix
from latchkey.times import parse_instant

if TYPE_CHECKING:
    from latchkey_cli.aws.stack import Stack
    from latchkey_cli.aws.workflow_runs import WorkflowRun

_LONGEST = 4096
"""Bytes of a rejection that are read: it is written by whoever rejects."""


def waiting(stack: "Stack") -> Iterator[GrantRecord]:
    """The records of all grants of which something waits, those that were asked for first."""
    named = {file.grant for file in stack.live_grants.troubled() if file.grant}
    named |= {found.id for found in stack.live_grants.all()}
    records = filter(None, map(stack.grants.get, sorted(named)))
    found = [one for one in records if one.pending and not one.pending.rejected_by]
    yield from sorted(found, key=lambda one: one.pending.since if one.pending else "")


def waiting_of(stack: "Stack", grant: GrantId) -> GrantRecord:
    """The record of a grant of which something waits.

    Raises
    ------
    ClickException
        When nothing does.
    """
    record = stack.grants.get(grant)
    if record is None or record.pending is None:
        raise click.ClickException(
            f"nothing of {grant} waits for approval; `latchkey pending` lists what does"
        )
    if record.pending.rejected_by:
        raise click.ClickException(
            f"{grant} was rejected by {record.pending.rejected_by}; upload another version of "
            f"{record.config_key} to ask again"
        )
    return record


def as_told(stack: "Stack", record: GrantRecord) -> str | None:
    """What of a grant waits for approval, or was rejected, and why as far as it can be read."""
    pending = record.pending
    if pending is None:
        return None
    if pending.rejected_by:
        said = _reason(stack, record)
        quoted = f' ("{said}")' if said else ""
        return f"rejected by {pending.rejected_by}{quoted}, until another version is uploaded"
    groups = ", ".join(pending.groups)
    return f"waits for {groups} since {pending.since}: latchkey approve {record.id}"


def _reason(stack: "Stack", record: GrantRecord) -> str:
    """What stands in the file of whoever rejected; nothing where that is not to be read."""
    assert record.pending  # asked before
    digest, s3, bucket = record.pending.digest, stack.client("s3"), stack.output("ConfigBucketName")
    who, _, group = (record.pending.rejected_by or "").partition(" of ")
    try:
        listed = Approvals(s3, bucket).of({group: ()}, record.id, digest, datetime.now(UTC))
        for one in listed.given:
            if one.rejects and who in (one.user_id, (one.session or "").lower()):
                key = f"{approval_prefix(group, record.id, digest)}{REJECTING}{_whole_id(one)}.json"
                body = s3.get_object(Bucket=bucket, Key=key)["Body"].read(_LONGEST)
                return str(json.loads(body)["reason"])
    except (LatchkeyError, ClientError, ValueError, KeyError, TypeError):
        pass
    return ""


def _whole_id(one: GivenApproval) -> str:
    return f"{one.user_id}:{one.session}" if one.session else one.user_id


def rules_in_force(stack: "Stack") -> Approval | None:
    """What the guardrails say of approvals; None where they have no rules.

    Raises
    ------
    LatchkeyError
        When they cannot be read.
    """
    from latchkey_cli.spokes.known import guardrails

    rules, _ = guardrails(stack).read()
    return rules.approval


def given(stack: "Stack", record: GrantRecord, approval: Approval | None) -> dict[str, list[str]]:
    """Who has approved what waits, by group, as far as the guardrails say who may.

    Without `approval`, everybody whose file is there. Whether one counts still, plans say.
    """
    assert record.pending  # asked before
    pending, s3 = record.pending, stack.client("s3")
    approvals = Approvals(s3, stack.output("ConfigBucketName"))
    named = approval.groups if approval else {}
    members = {name: named[name].members if name in named else [] for name in pending.groups}
    listed = approvals.of(members, record.id, pending.digest, datetime.now(UTC))
    author = uploader(uploaded_by(stack, record, pending.version))
    since, found = parse_instant(pending.since), {group: list[str]() for group in pending.groups}
    for one in listed.given:
        counts = approval is None or may_count(approval, one, listed.at, author)
        if counts and not one.rejects and one.at > since:
            found[one.group].append(_whole_id(one))
    return found


def run_of_plan(stack: "Stack", record: GrantRecord, timeout: float) -> "WorkflowRun":
    """A plan of what waits, as it is now; of a suspended grant only resuming it gives more."""
    from latchkey_cli.aws.workflow_runs import WorkflowRuns
    from latchkey_cli.output.progress import show_progress

    request: dict[str, Any] = {"bucket": record.config_bucket, "key": record.config_key}
    if record.status == "suspended":
        request = {"action": "resume", **record.id.document()}
    with show_progress(f"plan of {record.id}") as progress:
        return WorkflowRuns(stack, timeout).run({**request, "dry_run": True}, progress)


def uploaded_by(stack: "Stack", record: GrantRecord, version: str | None) -> Author | None:
    """Who uploaded a version of a grant's file, as far as S3 has told."""
    return Authors(stack.table).of(record.config_key or "", version)


def write(stack: "Stack", record: GrantRecord, *, rejects: bool, reason: str) -> list[str]:
    """Approve or reject what waits, for each group that is asked; answers the keys.

    Each key ends with the caller's own user ID, which the bucket's policy asks for.
    """
    assert record.pending  # asked before
    me, keys = user_id(stack), []
    for group in record.pending.groups:
        prefix = approval_prefix(group, record.id, record.pending.digest)
        key = f"{prefix}{REJECTING if rejects else ''}{me}.json"
        if approved_grant(key) is None:
            raise click.ClickException(
                f"{me} is the ID of no role's session and of no IAM user: only these can be in a "
                "group of approvers"
            )
        bucket = stack.output("ConfigBucketName")
        body: dict[str, Any] = {"grant": str(record.id), "by": stack.caller, "reason": reason}
        with translated(f"write s3://{bucket}/{key}"):
            stack.client("s3").put_object(
                Bucket=bucket,
                Key=key,
                Body=json.dumps(body).encode(),
                ContentType="application/json",
            )
        keys.append(key)
    return keys


def user_id(stack: "Stack") -> str:
    """The caller's `aws:userid`: the unique ID, and of a role's session its name.

    That is what GetCallerIdentity calls `UserId` (AWS STS API reference).
    """
    with translated("get the caller's identity"):
        return str(stack.client("sts").get_caller_identity()["UserId"])
