"""A dry run of a config file: the plan for applying it."""

from typing import Any

import click

from latchkey.config.problem import Problem
from latchkey_cli.aws.workflow_runs import Progress, WorkflowRuns
from latchkey_cli.config_files.source import ConfigSource
from latchkey_cli.output.terminal import say


def dry_run(
    runs: WorkflowRuns, source: ConfigSource, key: str, progress: Progress
) -> dict[str, Any]:
    """The result of a dry run, as if the file were uploaded under the key."""
    request = {"config": source.document, "dry_run": True, "as_file": key}
    run = runs.run(request, progress)
    if run.failed:
        raise click.ClickException(f"the plan could not be made: {run.error}: {run.cause}")
    return run.output


def print_refusal(source: ConfigSource, result: dict[str, Any]) -> bool:
    """Print why a file was rejected or failed; answers False for any other outcome."""
    if result.get("outcome") not in ("rejected", "failed"):
        return False
    problems = [Problem(**problem) for problem in result.get("problems", [])]
    source.print_problems(problems)
    if not problems:
        say(f"{source.path}: {result.get('reason')}")
    return True
