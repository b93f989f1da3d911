"""`latchkey apply`: uploads a config file and waits for its outcome."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from latchkey_cli.aws.target import Target
from latchkey_cli.grants.redaction import show_secrets, told
from latchkey_cli.output.terminal import say

if TYPE_CHECKING:
    from latchkey_cli.aws.stack import Stack
    from latchkey_cli.aws.workflow_runs import WorkflowRuns
    from latchkey_cli.config_files.source import ConfigSource

type Tell = Callable[[dict[str, Any]], dict[str, Any]]


@click.command(short_help="Upload a config file and wait for its outcome.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--key", help="The key in the config bucket; by default the key of the grant's file.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation if the plan widens access.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--timeout", default=300.0, show_default=True, help="Maximum seconds to wait.")
@show_secrets
@click.pass_obj
def command(
    target: Target,
    file: Path,
    key: str | None,
    yes: bool,
    as_json: bool,
    timeout: float,
    show_secrets: bool,
) -> None:
    """Plan a config file, upload it, and wait for its outcome.

    A file that would be rejected is not uploaded. If the plan widens access, you are asked to
    confirm it, unless --yes is given. Exits with 1 if the file is rejected or fails.
    """
    from latchkey_cli.aws.workflow_runs import WorkflowRuns
    from latchkey_cli.config_files.source import config_key, read_source
    from latchkey_cli.config_files.upload import is_uploaded
    from latchkey_cli.output.terminal import print_json

    stack = target.open()
    source = read_source(file, stack)
    runs, key = WorkflowRuns(stack, timeout), config_key(source, key, stack)
    tell = partial(told, secrets=show_secrets, config=source.document)
    planned = _plan(runs, source, key, quiet=as_json, tell=tell)
    if not planned.get("changes") and is_uploaded(stack, source, key):
        say(f"{key} is already uploaded", err=True)
        if as_json:
            print_json(planned)
        return
    if not yes:
        _confirm(file, planned)
    result = tell(_upload(stack, runs, source, key))
    _print_result(source, result, as_json=as_json)
    sys.exit(1 if result.get("outcome") in ("rejected", "failed") else 0)


def _plan(
    runs: "WorkflowRuns", source: "ConfigSource", key: str, *, quiet: bool, tell: Tell
) -> dict[str, Any]:
    """The plan for a file; exits if the file would be rejected."""
    from latchkey_cli.config_files.dry_run import dry_run, print_refusal
    from latchkey_cli.output.plans import show_plan
    from latchkey_cli.output.progress import show_progress

    with show_progress(f"plan of {source.path}") as progress:
        planned = tell(dry_run(runs, source, key, progress))
    if print_refusal(source, planned):
        sys.exit(1)
    if not quiet:
        show_plan(planned)
    return planned


def _upload(
    stack: "Stack", runs: "WorkflowRuns", source: "ConfigSource", key: str
) -> dict[str, Any]:
    from latchkey_cli.config_files.upload import UploadOutcome, upload
    from latchkey_cli.output.progress import show_progress

    outcome = UploadOutcome(stack, runs, key)
    with show_progress(f"apply of {source.path}") as progress:
        return outcome.wait(upload(stack, source, key), progress)


def _print_result(source: "ConfigSource", result: dict[str, Any], *, as_json: bool) -> None:
    from latchkey_cli.config_files.dry_run import print_refusal
    from latchkey_cli.output.plans import show_outcome
    from latchkey_cli.output.terminal import print_json

    if as_json:
        print_json(result)
    elif not print_refusal(source, result):
        show_outcome(result)


def _confirm(file: Path, planned: dict[str, Any]) -> None:
    """Have a plan confirmed if it widens access."""
    from latchkey_cli.output.plans import widens
    from latchkey_cli.output.terminal import confirmed, interactive, say

    if not widens(planned):
        return
    if not interactive():
        raise click.UsageError(
            f"applying {file} widens access, and there is no terminal for confirmation; "
            "give --yes after reviewing the plan"
        )
    say(err=True)
    confirmed("Apply it?")
