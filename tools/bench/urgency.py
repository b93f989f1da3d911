"""Orders that take access away, given while uploads keep every function busy.

Counted are the uploads that end between the start of an order's run and its first calls of IAM (the
end of its planning, which reads the role), and until it is carried out. The orders are for grants
that no upload touches; each grant of an order for a whole partner has a run, and counts by it. Of
a removed file, all counts until its role is gone.
"""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from sandbox import Sandbox
from tools.bench.burst import upload, wait_for_results

MOST = 15
"""So many uploads may not end before the first IAM call of an order."""

type Span = tuple[str, datetime, datetime, datetime]
"""An order, and when it was started, planned and carried out."""

_PATIENCE = 600
_WHY = {"reason": "incident 7", "requested_by": "security on call"}
_APPLIES = ("SuspendAccess", "RevokeAccess")
_GRANTS = ("main", "second", "third")


def measure(uploads: int, *, warm: float) -> Iterator[dict[str, Any]]:
    """Suspend one grant, revoke it, suspend its partner, and remove a file, amid so many uploads.

    Answers `{"order", "seconds", "before_iam", "before_done", "left"}` for each run: how long it
    took until it was carried out, the uploads that ended before its first call of IAM and until it
    was carried out, and those that had not ended then. The first is given after `warm` seconds.
    """
    with Sandbox() as box:
        box.client("s3").create_bucket(Bucket="reports-0")
        for grant in _GRANTS:
            upload(box, "urgent", grant=grant)
        wait_for_results(
            box, ["urgent" if grant == "main" else f"urgent.{grant}" for grant in _GRANTS]
        )
        names = [f"burst-{number:04}" for number in range(uploads)]
        with ThreadPoolExecutor(8) as hands:
            given = [hands.submit(upload, box, name) for name in names]
            time.sleep(warm)
            spans = [
                *_carried_out(box, "suspend", "main"),
                *_carried_out(box, "revoke", "main"),
                *_carried_out(box, "suspend", "*"),
                _removed(box, "second"),
            ]
            for each in given:
                each.result()
        ends = [run["stopDate"] for run in _runs(box, "SUCCEEDED") if "burst" in run["name"]]
    for order, started, planned, applied in spans:
        yield {
            "order": order,
            "seconds": (applied - started).total_seconds(),
            "before_iam": sum(started < end <= planned for end in ends),
            "before_done": sum(started < end <= applied for end in ends),
            "left": uploads - sum(end <= applied for end in ends),
        }


def _carried_out(box: Sandbox, action: str, grant: str) -> list[Span]:
    """Give an order, and answer the span of each of its runs."""
    states = box.client("stepfunctions")
    before = {run["executionArn"] for run in _runs(box)}
    request = {"action": action, "partner": "urgent", "grant": grant, **_WHY}
    arn = states.start_execution(
        stateMachineArn=box.outputs["GrantWorkflowArn"], input=json.dumps(request)
    )["executionArn"]
    until = time.monotonic() + _PATIENCE
    while (found := states.describe_execution(executionArn=arn))["status"] == "RUNNING":
        if time.monotonic() > until:
            raise SystemExit(f"the order to {action} {grant} was not done in {_PATIENCE} s")
        time.sleep(0.05)
    if found["status"] != "SUCCEEDED":
        raise SystemExit(f"the order to {action} {grant} failed: {found.get('cause')}")
    runs = [arn] if grant != "*" else _of_order(box, before, arn)
    return [(f"{action} {grant}", *_moments(box, run)) for run in runs]


def _removed(box: Sandbox, grant: str) -> Span:
    """Remove the file of a grant; the span begins with the removal, not with its run.

    It ends with the step that deletes the role, by the clock of the workflow: who asks IAM for the
    role stands in a line with the uploads, and learns of it late.
    """
    before = {run["executionArn"] for run in _runs(box)}
    started = datetime.now(UTC)
    key = f"partners/urgent.{grant}.json"
    box.client("s3").delete_object(Bucket=box.outputs["ConfigBucketName"], Key=key)
    until = time.monotonic() + _PATIENCE
    while not (runs := _of_order(box, before, "", "SUCCEEDED")):
        if time.monotonic() > until:
            raise SystemExit(f"the removal of {key} had no effect in {_PATIENCE} s")
        time.sleep(0.25)
    [run] = runs
    if _exists(box.client("iam"), f"partner-urgent.{grant}"):
        raise SystemExit(f"the removal of {key} left its role")
    *_, gone = _moments(box, run)
    return f"remove {grant}", started, gone, gone


def _exists(iam: Any, role: str) -> bool:
    try:
        iam.get_role(RoleName=role)
    except iam.exceptions.NoSuchEntityException:
        return False
    return True


def _of_order(box: Sandbox, before: set[str], order: str, *status: str) -> list[str]:
    """The runs of an order for many grants: not uploads, and not the order itself."""
    new = [run["executionArn"] for run in _runs(box, *status) if run["executionArn"] not in before]
    return [arn for arn in new if "burst" not in arn and arn != order]


def _moments(box: Sandbox, arn: str) -> tuple[datetime, datetime, datetime]:
    """When a run was started, planned and carried out."""
    pages = box.client("stepfunctions").get_paginator("get_execution_history")
    left: dict[str, datetime] = {
        event["stateExitedEventDetails"]["name"]: event["timestamp"]
        for page in pages.paginate(executionArn=arn)
        for event in page["events"]
        if "stateExitedEventDetails" in event
    }
    started = box.client("stepfunctions").describe_execution(executionArn=arn)["startDate"]
    applied = next(left[name] for name in _APPLIES if name in left)
    return started, left.get("PlanOrder", applied), applied


def _runs(box: Sandbox, *status: str) -> list[dict[str, Any]]:
    pages = (
        box.client("stepfunctions")
        .get_paginator("list_executions")
        .paginate(
            stateMachineArn=box.outputs["GrantWorkflowArn"],
            **({"statusFilter": status[0]} if status else {}),
        )
    )
    return [run for page in pages for run in page["executions"]]
