"""Runs of the grant workflow: starting one, following it to its end, and telling what it came to.

A run may take seconds or, behind many others, minutes; who waits is told what it is at.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import click
from botocore.exceptions import ClientError

from latchkey.aws.translate import translated
from latchkey_cli.stack import Stack

Tell = Callable[[str], None]
"""Told what a run is at, in a few words, as often as it is looked at."""

_POLL = (0.3, 0.5, 1.0, 2.0)
"""Seconds between looks; the last goes on."""

_STEPS: Mapping[str, str] = MappingProxyType(
    {
        "Plan": "planning",
        "GrantAccess": "writing the role",
        "RevokeAccess": "taking the role away",
        "RecordOutcome": "recording",
        "RecordFailure": "recording the failure",
        "NotifyOutcome": "telling",
        "FindGrants": "finding the grants",
        "RunOrder": "grant by grant",
    }
)


@dataclass(frozen=True)
class Ended:
    """How a run ended; `output` is what it answers, `error` and `cause` say why it failed."""

    status: str
    output: dict[str, Any]
    error: str | None = None
    cause: str | None = None

    @property
    def failed(self) -> bool:
        """Whether it did not come to its end."""
        return self.status != "SUCCEEDED"


class Runs:
    """The grant workflow of a stack."""

    def __init__(self, stack: Stack, timeout: float) -> None:
        self._states = stack.client("stepfunctions")
        self._workflow = stack.output("GrantWorkflowArn")
        self._timeout = timeout

    def run(self, request: dict[str, Any], tell: Tell) -> Ended:
        """Start a run and wait for its end."""
        with translated("start the workflow"):
            arn: str = self._states.start_execution(
                stateMachineArn=self._workflow, input=json.dumps(request, ensure_ascii=False)
            )["executionArn"]
        return self.until(lambda: self.ended(arn, tell), f"the run {arn}")

    def until[T](self, look: Callable[[], T | None], what: str) -> T:
        """What `look` answers once it is something.

        Raises
        ------
        ClickException
            When that takes too long; what was begun goes on.
        """
        end, looks = time.monotonic() + self._timeout, 0
        while (found := look()) is None:
            if time.monotonic() > end:
                raise click.ClickException(
                    f"not finished after {self._timeout:.0f} seconds: {what}; it goes on, "
                    "and --timeout waits longer"
                )
            time.sleep(_POLL[min(looks, len(_POLL) - 1)])
            looks += 1
        return found

    def newest(self, prefix: str, limit: int = 20) -> str | None:
        """The ARN of the newest run whose name begins so, among the last `limit`."""
        with translated("list runs"):
            found = self._states.list_executions(stateMachineArn=self._workflow, maxResults=limit)
        named = [run for run in found["executions"] if run["name"].startswith(prefix)]
        newest = max(named, key=lambda run: run["startDate"], default=None)
        return str(newest["executionArn"]) if newest else None

    def step(self, arn: str) -> str:
        """What a run is at, in a few words."""
        try:
            found = self._states.get_execution_history(
                executionArn=arn, reverseOrder=True, maxResults=20
            )["events"]
        except ClientError:  # progress is a courtesy: not to be allowed to look is no failure
            return "at work"
        newest_first = sorted(found, key=lambda event: event["id"], reverse=True)
        entered = (event.get("stateEnteredEventDetails", {}).get("name") for event in newest_first)
        return next((_STEPS[name] for name in entered if name in _STEPS), "starting")

    def ended(self, arn: str, tell: Tell) -> Ended | None:
        """How a run ended, or None while it is at work; then its step is told."""
        with translated("look at the run"):
            found = self._states.describe_execution(executionArn=arn)
        if found["status"] == "RUNNING":
            tell(self.step(arn))
            return None
        output = json.loads(found.get("output") or "{}")
        return Ended(found["status"], output, found.get("error"), found.get("cause"))
