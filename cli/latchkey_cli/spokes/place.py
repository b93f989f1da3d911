"""The stack of spoke.yaml in one Region of an account: what is there, and what brings it up."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import click
from botocore.exceptions import ClientError

from latchkey.aws.error_codes import error_code, translated
from latchkey_cli.aws.stack import Stack
from latchkey_cli.aws.workflow_runs import Progress
from latchkey_cli.spokes.template import template

_INTERVAL = 3.0
_UPDATABLE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE")
_DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
_KEPT = "GuardrailsParameterName"
"""The parameter that stays as it is in a stack that is there: another value would orphan rules."""


def described(there: Stack, name: str, region: str | None = None) -> dict[str, Any] | None:
    """A stack of that name; None where there is none."""
    client = there.client_in("cloudformation", region or there.region)
    try:
        with translated(f"describe the stack {name}"):
            found: list[dict[str, Any]] = client.describe_stacks(StackName=name)["Stacks"]
    except Exception as error:
        cause = error.__cause__
        if isinstance(cause, ClientError) and error_code(cause) == "ValidationError":
            return None
        raise
    return found[0] if found else None


@dataclass(frozen=True)
class Place:
    """Where spoke.yaml is to be deployed; `found` is the stack that is there."""

    there: Stack
    stack: str
    region: str
    parameters: Mapping[str, str]
    found: Mapping[str, Any] | None

    @property
    def what(self) -> str:
        """What is to be done."""
        return "update" if self.found else "create"

    def check(self) -> None:
        """Refuse a stack that is busy or broken, or of another hub.

        Raises
        ------
        ClickException
            With what to do about it.
        """
        if self.found is None:
            return
        where = f"the stack {self.stack} in {self.region}"
        status = str(self.found["StackStatus"])
        given = self._given()
        if given.get("HubAccount") != self.parameters["HubAccount"]:
            hub = given.get("HubAccount") or "nobody"
            raise click.ClickException(f"{where} is there, for another hub: {hub}")
        if status not in _UPDATABLE:
            raise click.ClickException(
                f"{where} is {status}: wait for its end or, if it failed, delete it, and run this "
                "command again"
            )

    def deploy(self, progress: Progress, timeout: float) -> str:
        """Create or update the stack, and wait until it is; answers what was done.

        Raises
        ------
        ClickException
            If it fails, with CloudFormation's reasons, or takes longer.
        """
        client = self.there.client_in("cloudformation", self.region)
        given = {
            "StackName": self.stack,
            "TemplateBody": template(),
            "Capabilities": ["CAPABILITY_NAMED_IAM"],
            "Parameters": [*self._parameters()],
        }
        if self.found is None:
            # A stack that could not be made goes, so that the next try does not meet it.
            with translated(f"create the stack {self.stack}"):
                made = client.create_stack(**given, OnFailure="DELETE")["StackId"]
        else:
            try:
                made = client.update_stack(**given)["StackId"]
            except ClientError as error:
                if "No updates are to be performed" in str(error):
                    return "up to date already"
                raise
        status = self._ended(client, made, progress, timeout)
        if status in _DONE:
            return "updated" if self.found else "created"
        raise click.ClickException(f"{self.stack}: {status}; {_reasons(client, made)}")

    def _ended(self, client: Any, stack_id: str, progress: Progress, timeout: float) -> str:
        end = time.monotonic() + timeout
        while True:
            with translated(f"describe the stack {self.stack}"):
                (found,) = client.describe_stacks(StackName=stack_id)["Stacks"]
            status = str(found["StackStatus"])
            if not status.endswith("_IN_PROGRESS"):
                return status
            if time.monotonic() > end:
                raise click.ClickException(
                    f"not finished after {timeout:.0f} seconds: {self.stack} is {status}; it goes "
                    "on, and --timeout waits longer"
                )
            progress(status.lower().replace("_", " "))
            time.sleep(_INTERVAL)

    def _given(self) -> dict[str, str]:
        parameters = (self.found or {}).get("Parameters", [])
        return {one["ParameterKey"]: one.get("ParameterValue", "") for one in parameters}

    def _parameters(self) -> Any:
        there = self._given()
        for name, value in self.parameters.items():
            if name == _KEPT and name in there:
                yield {"ParameterKey": name, "UsePreviousValue": True}
            else:
                yield {"ParameterKey": name, "ParameterValue": value}


def _reasons(client: Any, stack_id: str) -> str:
    """What CloudFormation says of the resources that failed, the first of them first."""
    with translated("read the stack's events"):
        events = client.describe_stack_events(StackName=stack_id)["StackEvents"]
    failed = [
        f"{one['LogicalResourceId']}: {reason}"
        for one in reversed(events)
        if str(one.get("ResourceStatus", "")).endswith("_FAILED")
        and (reason := one.get("ResourceStatusReason")) not in (None, "Resource creation cancelled")
    ]
    return "; ".join(failed[:3]) or "CloudFormation names no reason"
