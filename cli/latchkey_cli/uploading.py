"""Uploading a config file, and following its version to the outcome."""

from typing import Any

import click

from latchkey.aws.translate import translated
from latchkey.keys import file_run_prefix
from latchkey_cli.config_source import ConfigSource
from latchkey_cli.results import read_object, result_of_file
from latchkey_cli.runs import Ended, Runs, Tell
from latchkey_cli.stack import Stack


def is_there(stack: Stack, source: ConfigSource, key: str) -> bool:
    """Whether the config bucket has this very file under the key already."""
    found = read_object(stack, stack.output("ConfigBucketName"), key)
    return found == source.body


def upload(stack: Stack, source: ConfigSource, key: str) -> str:
    """Put the file into the config bucket; answers its version."""
    with translated(f"upload {key}"):
        return str(
            stack.client("s3").put_object(
                Bucket=stack.output("ConfigBucketName"),
                Key=key,
                Body=source.body,
                ContentType="application/json",
            )["VersionId"]
        )


def _tells_nothing(ended: Ended) -> bool:
    """Whether a run ended without having written a result, so that there is none to wait for."""
    return ended.error == "OutcomeNotRecorded" or ended.status in ("TIMED_OUT", "ABORTED")


class Follower:
    """Follows what becomes of a version of a file that was just uploaded."""

    def __init__(self, stack: Stack, runs: Runs, key: str) -> None:
        self._stack = stack
        self._runs = runs
        self._key = key
        self._before = runs.newest(file_run_prefix(key))

    def outcome(self, version: str, tell: Tell) -> dict[str, Any]:
        """The result of the version, once there is one."""
        return self._runs.until(lambda: self._look(version, tell), f"the upload of {self._key}")

    def _look(self, version: str, tell: Tell) -> dict[str, Any] | None:
        result = result_of_file(self._stack, self._key)
        if result and result.get("config_version") == version:
            return result
        if result and self._overtaken(version):
            raise click.ClickException(
                f"somebody uploaded a newer version of {self._key} meanwhile; "
                "that one counts, and its outcome is in the result file"
            )
        run = self._runs.newest(file_run_prefix(self._key))
        if run is None or run == self._before:
            tell("waiting for a run to start")
        elif (ended := self._runs.ended(run, tell)) and _tells_nothing(ended):
            raise click.ClickException(
                f"the run ended without a result: {ended.error or ended.status}: {ended.cause}; "
                "docs/runbook.md#failed-runs says what to do"
            )
        return None

    def _overtaken(self, version: str) -> bool:
        with translated(f"look at {self._key}"):
            newest = self._stack.client("s3").head_object(
                Bucket=self._stack.output("ConfigBucketName"), Key=self._key
            )
        return bool(newest["VersionId"] != version)
