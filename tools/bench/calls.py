"""The calls of AWS that each operation makes, through the real handlers, and why it needs them."""

import contextlib
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.kit.examples import (
    ACCOUNT,
    NOW,
    OTHER_ACCOUNT,
    config_bytes,
    config_document,
    s3_entry,
    secret_entry,
)
from tests.kit.stack.aws import FILE
from tests.kit.stack.build import built_stack
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.run import Run

TWO = [s3_entry(prefix="in"), secret_entry()]
EXPIRY = datetime(2030, 1, 1, tzinfo=UTC)
_GRANT = {"partner": "acme", "grant": "main"}


@dataclass(frozen=True)
class Operation:
    """What is done, to what was there before; `limits` are the most calls of IAM and of others.

    Limits of IAM are `(writes, reads before, reads as proof)`.
    """

    name: str
    prepare: Callable[[StackDriver], object]
    act: Callable[[StackDriver], Run]
    iam: tuple[int, int, int]
    others: int | None = None


def _granted(stack: StackDriver) -> None:
    stack.granted(access=TWO)


def _uploaded(stack: StackDriver) -> None:
    stack.upload(access=TWO)


def _changed(stack: StackDriver) -> None:
    stack.granted(access=TWO)
    stack.upload(access=[s3_entry(prefix="in"), s3_entry(bucket="other-bucket", allow="read")])


def _replaced(stack: StackDriver) -> None:
    stack.granted(access=TWO)
    stack.upload(access=TWO, principals=[OTHER_ACCOUNT])


def _replaced_and_changed(stack: StackDriver) -> None:
    stack.granted(access=TWO)
    stack.upload(access=[s3_entry(prefix="in")], principals=[OTHER_ACCOUNT])


def _suspended(stack: StackDriver) -> None:
    stack.granted(access=TWO)
    stack.run({"action": "suspend", **_GRANT})


def _open_ended(stack: StackDriver) -> None:
    stack.guard(max_confirm_days=90)
    if stack.account != ACCOUNT:
        rules = json.dumps({"version": 1, "max_confirm_days": 90})
        stack.spokes.guard(stack.account, rules)
    stack.upload(config_bytes("expires_at", confirm_every_days=30, access=TWO))
    stack.run(FILE)


def _removed(stack: StackDriver) -> None:
    stack.granted(access=TWO)
    stack.remove()


def _file(stack: StackDriver) -> Run:
    return stack.run(FILE)


def _inline(stack: StackDriver) -> Run:
    there = {"account": stack.account} if stack.account != ACCOUNT else {}
    return stack.run({"config": config_document(access=TWO, **there)})


def _order(action: str) -> Callable[[StackDriver], Run]:
    return lambda stack: stack.run({"action": action, **_GRANT})


OPERATIONS = (
    Operation("create", _uploaded, _file, (2, 0, 2), 15),
    Operation("create, inline", lambda _: None, _inline, (2, 0, 2), 16),
    Operation("a check, inline", _inline, _order("check"), (0, 4, 0), 8),
    Operation("suspend, inline", _inline, _order("suspend"), (1, 4, 2)),
    Operation("unchanged", _granted, _file, (0, 4, 0), 8),
    Operation("unchanged, a check", _granted, _order("check"), (0, 4, 0)),
    Operation("update", _changed, _file, (1, 4, 2)),
    Operation("update, principal replaced", _replaced, _file, (2, 4, 2)),
    Operation("update, principal and access replaced", _replaced_and_changed, _file, (3, 4, 2)),
    Operation("suspend", _granted, _order("suspend"), (1, 4, 2)),
    Operation("resume", _suspended, _order("resume"), (1, 4, 2)),
    Operation(
        "confirm",
        _open_ended,
        lambda stack: stack.run({"action": "confirm", **_GRANT}, NOW + timedelta(days=1)),
        (2, 4, 2),
    ),
    Operation("revoke", _granted, _order("revoke"), (2, 5, 1)),
    Operation("revoke, file removed", _removed, _file, (2, 5, 1)),
    Operation(
        "expiry",
        _granted,
        lambda stack: stack.run({"action": "check", **_GRANT, "by": "schedule"}, EXPIRY),
        (2, 5, 1),
    ),
)

WHY = {
    "s3:GetObject": "which grant the file names; again where another run may have been faster; of "
    "an inline grant, the version of its config that is on record",
    "dynamodb:UpdateItem": "take the lease; renew it, and note what is begun, before a change",
    "dynamodb:BatchGetItem": "what is on record of the file and of the grant; the run's plan, by "
    "each step that acts on it; for a grant in another account, the head of the history's chain "
    "and whether the account is on record",
    "dynamodb:PutItem": "the run's plan, which the workflow's state only refers to, where nothing "
    "is claimed with it",
    "dynamodb:GetItem": "what is on record of the grant, and of the file that it leads to; the "
    "head of the history's chain, before it is extended",
    "dynamodb:Query": "the files that wait for a grant which ends; notified: the partner's other "
    "grants, whose external IDs are not told",
    "s3:ListObjectsV2": "whether a file that is gone was only renamed",
    "ssm:GetParameter": "the guardrails in force; in another account those of its owner, too",
    "sts:AssumeRole": "a session in another account, one for each function that reaches it",
    "s3:GetBucketEncryption": "the bucket's owner, region and key",
    "secretsmanager:DescribeSecret": "the secret's full ARN and key",
    "scheduler:UpdateSchedule": "the end of a grant that goes on, before its policies say so",
    "scheduler:GetSchedule": "whether the expiry schedule is still there",
    "scheduler:CreateSchedule": "the expiry schedule",
    "scheduler:DeleteSchedule": "the expiry schedule goes",
    "dynamodb:TransactWriteItems": "claim and bind before a role is made; state, history and file",
    "s3:PutObject": "an inline config, which records refer to; the result file; notified: the same "
    "for people, and the partner's two sheets",
    "events:PutEvents": "notified: the event on the stack's bus",
    "sns:Publish": "notified: the message",
    "s3:HeadObject": "notified: whether there is a sheet that has to say that access ended",
    "dynamodb:DeleteItem": "give the lease back, after the result file",
    "iam:CreateRole": "the role, with its tags and boundary",
    "iam:PutRolePolicy": "what it may do; where the trust narrows, that sessions of before may do "
    "nothing; where access changes too, first that nobody may do anything until both are written",
    "iam:UpdateAssumeRolePolicy": "who may assume it",
    "iam:GetRole": "the role as it is; after a change, the proof",
    "iam:GetRolePolicy": "its policy as it is; after a change, the proof",
    "iam:ListRolePolicies": "policies that others added",
    "iam:ListAttachedRolePolicies": "policies that others attached",
    "iam:ListInstanceProfilesForRole": "what keeps a role from being deleted",
    "iam:DeleteRolePolicy": "ends sessions that were issued",
    "iam:DeleteRole": "the role goes",
}


_OWN: dict[str, dict[str, dict[str, int]]] = json.loads(
    Path(__file__).with_name("calls.json").read_text()
)
_ASSUMING = {"plan_grant", "grant_access", "suspend_access", "revoke_access"}
"""The functions that reach the account of a grant."""
_STAYS = {"created", "updated", "suspended", "confirmed"}
"""Outcomes recorded of a grant that is live, whose account is then on record, too."""


def counted(operation: Operation, account: str = ACCOUNT) -> Run:
    """Run an operation in a stack of its own; answers its calls, and fails if it did.

    In another account than the stack's, the calls are those that its functions make in either.
    """
    with (
        built_stack(account=account) as stack,
        contextlib.redirect_stdout(io.StringIO()),
    ):  # metrics go there
        operation.prepare(stack)
        run = operation.act(stack)
    if run.error:
        raise run.error
    return run


def iam_writes(run: Run) -> int:
    """A run's calls that change something in IAM."""
    return len(run.iam_writes)


def iam_reads(run: Run) -> int:
    """A run's other calls of IAM."""
    return sum(call.startswith("iam:") for call in run.calls) - len(run.iam_writes)


def others(run: Run) -> int:
    """A run's calls of all services but IAM."""
    return sum(not call.startswith("iam:") for call in run.calls)


def over(operation: Operation, run: Run) -> Iterator[str]:
    """What is more than the operation's limits allow."""
    writes, before, proof = operation.iam
    if iam_writes(run) > writes:
        yield f"{operation.name}: {iam_writes(run)} writes of IAM, not {writes}"
    if iam_reads(run) > before + proof:
        yield f"{operation.name}: {iam_reads(run)} reads of IAM, not {before + proof}"
    if operation.others is not None and others(run) > operation.others:
        yield f"{operation.name}: {others(run)} calls beside IAM, not {operation.others}"


def made(run: Run) -> dict[str, dict[str, int]]:
    """A run's calls by what they are for: `recorded` until the outcome is, then `notified`."""
    parts = {"recorded": run.calls, "notified": run.notify_calls}
    return {part: dict(sorted(Counter(calls).items())) for part, calls in parts.items()}


def expected_elsewhere(operation: Operation, run: Run) -> dict[str, dict[str, int]]:
    """What a run may make for a grant in another account: the calls of one in the stack's own.

    Beside them is a session for each function that reaches the account, and the account's own
    guardrails where the stack's are read. That the account is on record is read with the head of
    the history's chain, in one call.
    """
    own = _OWN[operation.name]
    recorded = Counter(own["recorded"])
    recorded["sts:AssumeRole"] = len(_ASSUMING.intersection(run.steps))
    recorded["ssm:GetParameter"] *= 2
    if run.outcome in _STAYS:
        recorded.subtract(["dynamodb:GetItem"])
        recorded.update(["dynamodb:BatchGetItem"])
    return {"recorded": dict(sorted((+recorded).items())), "notified": own["notified"]}


def document() -> dict[str, Any]:
    """All operations' calls, as JSON data: what the test holds, and the bench prints."""
    return {operation.name: made(counted(operation)) for operation in OPERATIONS}
