"""Runs of the grant workflow: start one, report its progress, and wait for its end.

A run takes seconds or, behind many others, minutes.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeVar

import click
from botocore.exceptions import ClientError

from latchkey.aws.error_codes import error_code, translated
from latchkey.keys import order_suffix
from latchkey_cli.aws.results_bucket import whole_result
from latchkey_cli.aws.stack import Stack
from latchkey_cli.grants.names import ALL

_T = TypeVar("_T")

Progress = Callable[[str], None]
"""Called with the current step of a run, in a few words, each time the run is polled."""

_INTERVALS = (0.3, 0.5, 1.0, 2.0)
"""Seconds between polls; the last is repeated."""

LISTED = 5000
"""Runs that are listed at most to find one, the newest first."""

STEPS: Mapping[str, str] = MappingProxyType(
    {
        "Plan": "planning",
        "PlanOrder": "planning",
        "GrantAccess": "writing the role",
        "SuspendAccess": "suspending the role",
        "RevokeAccess": "removing the role",
        "RecordOutcome": "recording",
        "RecordFailure": "recording the failure",
        "NotifyOutcome": "sending notifications",
        "FindGrants": "finding the grants",
        "RunOrder": "grant by grant",
    }
)
"""The states of the workflow whose progress is shown, with the words for it."""


@dataclass(frozen=True)
class WorkflowRun:
    """A run that has ended, with its result, or the error and cause of its failure.

    `output` is the whole result where it has a file; else what the execution says of it.
    """

    status: str
    output: dict[str, Any]
    error: str | None = None
    cause: str | None = None

    @property
    def failed(self) -> bool:
        """Whether the run did not succeed."""
        return self.status != "SUCCEEDED"


class WorkflowRuns:
    """The runs of a stack's grant workflow."""

    def __init__(self, stack: Stack, timeout: float) -> None:
        self._stack = stack
        self._states = stack.client("stepfunctions")
        self._stack, self._workflow = stack, stack.output("GrantWorkflowArn")
        self._timeout = timeout

    def run(self, request: dict[str, Any], progress: Progress) -> WorkflowRun:
        """Start a run and wait for its end."""
        with translated("start the workflow"):
            arn: str = self._states.start_execution(
                stateMachineArn=self._of(request), input=json.dumps(request, ensure_ascii=False)
            )["executionArn"]
        return self.until(lambda: self.ended(arn, progress), f"the run {arn}")

    def _of(self, request: dict[str, Any]) -> str:
        """The workflow of a request: the one that only plans is enough for a dry run of one grant.

        So whoever only plans needs no permission to start the other.
        """
        only_plans = request.get("dry_run") and request.get("grant") != ALL
        return self._stack.output("PlanWorkflowArn") if only_plans else self._workflow

    def until(self, poll: Callable[[], _T | None], what: str) -> _T:
        """Poll until there is an answer.

        Raises
        ------
        ClickException
            After the timeout; what was started goes on.
        """
        end, polls = time.monotonic() + self._timeout, 0
        while (found := poll()) is None:
            if time.monotonic() > end:
                raise click.ClickException(
                    f"not finished after {self._timeout:.0f} seconds: {what}; it goes on, "
                    "and --timeout waits longer"
                )
            time.sleep(_INTERVALS[min(polls, len(_INTERVALS) - 1)])
            polls += 1
        return found

    def newest(self, prefix: str, limit: int = 20) -> str | None:
        """The ARN of the newest run whose name has a prefix, among the last `limit`."""
        with translated("list runs"):
            found = self._states.list_executions(stateMachineArn=self._workflow, maxResults=limit)
        named = [run for run in found["executions"] if run["name"].startswith(prefix)]
        newest = max(named, key=lambda run: run["startDate"], default=None)
        return str(newest["executionArn"]) if newest else None

    def started(self, arn: str) -> datetime | None:
        """When a run started; None if there is none, or none any more: they are kept 90 days."""
        with translated("describe the run"):
            try:
                found: datetime = self._states.describe_execution(executionArn=arn)["startDate"]
            except ClientError as error:
                if error_code(error) != "ExecutionDoesNotExist":
                    raise
                return None
        return found

    def bulk_order(self, suffix: str) -> str | None:
        """The ARN of the order for many whose runs end with a suffix, among the last `LISTED`."""
        pages = self._states.get_paginator("list_executions").paginate(
            stateMachineArn=self._workflow,
            PaginationConfig={"PageSize": 1000, "MaxItems": LISTED},
        )
        with translated("list runs"):
            arns = (str(run["executionArn"]) for page in pages for run in page["executions"])
            return next((arn for arn in arns if order_suffix(arn) == suffix), None)

    def step(self, arn: str) -> str:
        """The current step of a run, in a few words."""
        try:
            found = self._states.get_execution_history(
                executionArn=arn, reverseOrder=True, maxResults=20
            )["events"]
        except ClientError:  # progress is optional, and so is the permission
            return "at work"
        newest_first = sorted(found, key=lambda event: event["id"], reverse=True)
        entered = (event.get("stateEnteredEventDetails", {}).get("name") for event in newest_first)
        return next((STEPS[name] for name in entered if name in STEPS), "starting")

    def ended(self, arn: str, progress: Progress) -> WorkflowRun | None:
        """The run if it has ended; otherwise report its step, and answer None."""
        with translated("describe the run"):
            found = self._states.describe_execution(executionArn=arn)
        if found["status"] == "RUNNING":
            progress(self.step(arn))
            return None
        output = whole_result(self._stack, json.loads(found.get("output") or "{}"))
        return WorkflowRun(found["status"], output, found.get("error"), found.get("cause"))
