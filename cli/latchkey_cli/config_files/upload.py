"""The upload of a config file, followed to its outcome."""

from collections.abc import Callable
from typing import Any

import click
from botocore.exceptions import ClientError

from latchkey.aws.error_codes import error_code, translated
from latchkey.keys import file_run_prefix
from latchkey_cli.aws.results_bucket import read_object, result_of_file
from latchkey_cli.aws.stack import Stack
from latchkey_cli.aws.workflow_runs import Progress, WorkflowRun, WorkflowRuns
from latchkey_cli.config_files.source import ConfigSource

_CHANGED = ("PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey", "404", "412", "409")
"""What S3 answers to a conditional put of an object that is no longer as it was."""


def is_uploaded(stack: Stack, source: ConfigSource, key: str) -> bool:
    """Whether the config bucket already has the same file under the key."""
    found = read_object(stack, stack.output("ConfigBucketName"), key)
    return found == source.body


def upload(stack: Stack, source: ConfigSource, key: str) -> str:
    """Put the file into the config bucket; answers its version.

    A file that `replaces` an object is only put in its place: S3 compares the entity tag (Amazon
    S3 user guide, "Prevent object overwrites with conditional writes").

    Raises
    ------
    ClickException
        If the object has changed, or was removed, since it was read.
    """
    condition: Any = {"IfMatch": source.replaces} if source.replaces else {}
    with translated(f"upload {key}"):
        try:
            put = stack.client("s3").put_object(
                Bucket=stack.output("ConfigBucketName"),
                Key=key,
                Body=source.body,
                ContentType="application/json",
                **condition,
            )
        except ClientError as error:
            if condition and error_code(error) in _CHANGED:
                raise click.ClickException(
                    f"{key} was changed or removed since it was read; nothing was uploaded. Look "
                    "at what is there now, and give the command again"
                ) from error
            raise
    return str(put["VersionId"])


def remove(stack: Stack, key: str) -> None:
    """Remove a file from the config bucket; its versions stay."""
    with translated(f"remove {key}"):
        stack.client("s3").delete_object(Bucket=stack.output("ConfigBucketName"), Key=key)


def removal_outcome(stack: Stack, key: str) -> Callable[[], dict[str, Any] | None]:
    """What answers the result of a file's removal, once there is one; made before the removal."""
    before = result_of_file(stack, key)

    def poll() -> dict[str, Any] | None:
        found = result_of_file(stack, key)
        return None if found == before else found

    return poll


def newest_version(stack: Stack, key: str) -> str | None:
    """The version of a file in the config bucket, or None."""
    with translated(f"describe {key}"):
        try:
            found = stack.client("s3").head_object(Bucket=stack.output("ConfigBucketName"), Key=key)
        except ClientError as error:
            if error_code(error) in ("404", "NoSuchKey"):
                return None
            raise
    return str(found["VersionId"])


def _without_result(run: WorkflowRun) -> bool:
    """Whether a run ended without writing a result, so that there is nothing to wait for."""
    return run.error == "OutcomeNotRecorded" or run.status in ("TIMED_OUT", "ABORTED")


class UploadOutcome:
    """Waits for the outcome of an uploaded version of a file; created before the upload."""

    def __init__(self, stack: Stack, runs: WorkflowRuns, key: str) -> None:
        self._stack = stack
        self._runs = runs
        self._key = key
        self._before = runs.newest(file_run_prefix(key))

    def wait(self, version: str, progress: Progress) -> dict[str, Any]:
        """The result of the version, as soon as it is written."""
        what = f"the upload of {self._key}"
        return self._runs.until(lambda: self._poll(version, progress), what)

    def wait_for_grant(self, version: str, progress: Progress) -> dict[str, Any]:
        """The same of a file that takes a grant over, and is rejected until the other one goes."""

        def poll() -> dict[str, Any] | None:
            found = self._poll(version, progress)
            return None if found and found.get("outcome") == "rejected" else found

        return self._runs.until(poll, f"the grant of {self._key}")

    def _poll(self, version: str, progress: Progress) -> dict[str, Any] | None:
        result = result_of_file(self._stack, self._key)
        if result and result.get("config_version") == version:
            return result
        if result and self._replaced(version):
            raise click.ClickException(
                f"somebody uploaded a newer version of {self._key} meanwhile; "
                "that one counts, and its outcome is in the result file"
            )
        arn = self._runs.newest(file_run_prefix(self._key))
        if arn is None or arn == self._before:
            progress("waiting for a run to start")
        elif (run := self._runs.ended(arn, progress)) and _without_result(run):
            raise click.ClickException(
                f"the run ended without a result: {run.error or run.status}: {run.cause}; "
                "docs/runbook.md#failed-runs says what to do"
            )
        return None

    def _replaced(self, version: str) -> bool:
        with translated(f"describe {self._key}"):
            newest = self._stack.client("s3").head_object(
                Bucket=self._stack.output("ConfigBucketName"), Key=self._key
            )
        return bool(newest["VersionId"] != version)
