"""Somebody at a terminal with the command line, in front of the stack on moto."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from latchkey_cli.aws import workflow_runs
from latchkey_cli.aws.workflow_runs import Progress, WorkflowRun, WorkflowRuns
from latchkey_cli.main import cli
from tests.kit.examples import AUDIT_BOUNDARY, BOUNDARY, KMS_BOUNDARY, STACK, config_document
from tests.kit.stack.aws import (
    CONFIG_BUCKET,
    GUARDRAILS,
    PLAN,
    RESULTS_BUCKET,
    TABLE,
    WORKFLOW,
    aws,
)
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.run import Run

_OUTPUTS = {
    "ConfigBucketName": CONFIG_BUCKET,
    "ResultsBucketName": RESULTS_BUCKET,
    "GrantTableName": TABLE,
    "GrantWorkflowArn": WORKFLOW,
    "PlanWorkflowArn": PLAN,
    "PermissionsBoundaryArn": BOUNDARY,
    "KmsBoundaryArn": KMS_BOUNDARY,
    "AuditBoundaryArn": AUDIT_BOUNDARY,
}
PARAMETERS = {"FirstPartyAccounts": "", "GuardrailsParameterName": GUARDRAILS}


class Desk:
    """Runs commands; the workflow is walked by the stack driver as soon as it is started."""

    def __init__(self, stack: StackDriver, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.stack = stack
        self.folder = folder
        self.requests: list[dict[str, Any]] = []
        self.answer: WorkflowRun | None = None
        patch.setattr(
            WorkflowRuns, "run", lambda _, request, progress: self._run(request, progress)
        )
        patch.setattr(workflow_runs, "_INTERVALS", (0.0,))

    def __call__(self, *words: str, typed: str | None = None) -> Result:
        """Run a command line."""
        return CliRunner(mix_stderr=False).invoke(cli, list(words), input=typed)

    def ok(self, *words: str) -> str:
        """Run a command line that has to go through; answers what it prints."""
        found = self(*words)
        assert found.exit_code == 0, (found.stdout, found.stderr, found.exception)
        return found.stdout

    def json(self, *words: str) -> Any:
        """The same, as the JSON that it prints."""
        return json.loads(self.ok(*words, "--json"))

    def file(self, name: str = "acme.json", /, **changes: Any) -> str:
        """A config file in the folder, indented: the valid example with changes."""
        path = self.folder / name
        path.write_text(json.dumps(config_document(**changes), indent=2), encoding="utf-8")
        return str(path)

    def _run(self, request: dict[str, Any], progress: Progress) -> WorkflowRun:
        self.requests.append(request)
        progress("planning")
        if self.answer:
            return self.answer
        done = walked(self.stack, request)
        if done.error or done.outcome == "failed":
            return WorkflowRun("FAILED", {}, "GrantFailed", str(done.result.get("reason")))
        return WorkflowRun("SUCCEEDED", done.result)


def walked(stack: StackDriver, request: dict[str, Any]) -> Run:
    """A run of now; the metrics that functions print are not the command's."""
    with redirect_stdout(io.StringIO()):
        return stack.run(request, now=datetime.now(UTC))


@contextmanager
def uploads_are_run(desk: Desk) -> Iterator[None]:
    """Whatever is put into the config bucket is run at once, as S3 and the queue would have it."""
    from latchkey_cli.config_files import upload as uploading

    real, gone = uploading.upload, uploading.remove

    def upload(*args: Any) -> str:
        version = real(*args)
        request = {"bucket": CONFIG_BUCKET, "key": args[2]}
        walked(desk.stack, request)
        return version

    def remove(*args: Any) -> None:
        gone(*args)
        walked(desk.stack, {"bucket": CONFIG_BUCKET, "key": args[1]})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uploading, "upload", upload)
        patch.setattr(uploading, "remove", remove)
        yield


def make_stack(name: str = STACK) -> None:
    """A CloudFormation stack with Latchkey's outputs and parameters."""
    template = {
        "Parameters": {
            key: {"Type": "String", "Default": value} for key, value in PARAMETERS.items()
        },
        "Resources": {"Nothing": {"Type": "AWS::SSM::Parameter", "Properties": _nothing(name)}},
        "Outputs": {key: {"Value": value} for key, value in _OUTPUTS.items()},
    }
    aws("cloudformation").create_stack(StackName=name, TemplateBody=json.dumps(template))


def _nothing(stack: str) -> dict[str, str]:
    return {"Name": f"/{stack}/nothing", "Type": "String", "Value": "nothing"}
