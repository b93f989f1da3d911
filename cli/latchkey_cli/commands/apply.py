"""`latchkey apply`: uploads a config file and waits for its outcome."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
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


@click.command(short_help="Upload config files and wait for their outcome.")
@click.argument(
    "files",
    metavar="[FILE]...",
    nargs=-1,
    type=click.Path(path_type=Path, exists=True, allow_dash=True),
)
@click.option("--key", help="The key in the config bucket; by default the key of the grant's file.")
@click.option("--watch", metavar="KEY", help="Upload nothing: follow an upload made elsewhere.")
@click.option(
    "--yes", is_flag=True, help="Do not ask for confirmation if access is widened or taken away."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--timeout", default=300.0, show_default=True, help="Maximum seconds to wait.")
@show_secrets
@click.pass_obj
def command(
    target: Target,
    files: tuple[Path, ...],
    key: str | None,
    watch: str | None,
    yes: bool,
    as_json: bool,
    timeout: float,
    show_secrets: bool,
) -> None:
    """Plan config files, upload them, and wait for their outcomes.

    FILE may be a folder, for all .json files in it, or - for standard input. If one of them would
    be rejected, none is uploaded. If the plan widens access or takes it away, you are asked to
    confirm it, unless --yes is given. Exits with 1 if a file is rejected or fails. --json prints a
    list where there are several.
    """
    from latchkey_cli.aws.workflow_runs import WorkflowRuns
    from latchkey_cli.config_files.source import expanded
    from latchkey_cli.output.terminal import print_json

    if bool(files) == bool(watch):
        raise click.UsageError("name a file, or with --watch the key of one, but not both")
    stack = target.open()
    runs, paths = WorkflowRuns(stack, timeout), expanded(files)
    if watch:
        results = [_watched(stack, runs, watch, quiet=as_json, secrets=show_secrets)]
    else:
        if key and len(paths) > 1:
            raise click.UsageError("--key is for one file")
        planned = [_planned(stack, runs, path, key, show_secrets) for path in paths]
        results = _applied(stack, runs, planned, yes=yes, quiet=as_json)
    if as_json:
        print_json(results[0] if len(results) == 1 else results)
    sys.exit(1 if any(one.get("outcome") in ("rejected", "failed") for one in results) else 0)


@dataclass(frozen=True)
class _Planned:
    """A file with its plan: None where it would not be granted, and was told why."""

    source: "ConfigSource"
    key: str
    tell: Tell
    plan: dict[str, Any]


def _planned(
    stack: "Stack", runs: "WorkflowRuns", path: Path, key: str | None, secrets: bool
) -> _Planned:
    """The plan for a file."""
    from latchkey_cli.config_files.dry_run import dry_run
    from latchkey_cli.config_files.source import config_key, read_source
    from latchkey_cli.output.progress import show_progress

    source = read_source(path, stack)
    place = config_key(source, key, stack)
    tell = partial(told, secrets=secrets, config=source.document)
    with show_progress(f"plan of {path}") as progress:
        return _Planned(source, place, tell, tell(dry_run(runs, source, place, progress)))


def _applied(
    stack: "Stack", runs: "WorkflowRuns", planned: list[_Planned], *, yes: bool, quiet: bool
) -> list[dict[str, Any]]:
    """The outcome of each file; exits if one of them would be rejected."""
    from latchkey_cli.config_files.dry_run import print_refusal
    from latchkey_cli.config_files.upload import is_uploaded
    from latchkey_cli.output.plans import show_plan

    refused = [one for one in planned if print_refusal(one.source, one.plan)]
    if refused:
        if len(planned) > 1:
            say("nothing was uploaded", err=True)
        sys.exit(1)
    if not quiet:
        for one in planned:
            show_plan(one.plan)
    there = [not p.plan.get("changes") and is_uploaded(stack, p.source, p.key) for p in planned]
    if not yes:
        _confirm([one for one, is_there in zip(planned, there, strict=True) if not is_there])
    results = []
    for one, is_there in zip(planned, there, strict=True):
        if is_there:
            say(f"{one.key} is already uploaded", err=True)
            results.append(one.plan)
            continue
        result = one.tell(_upload(stack, runs, one.source, one.key))
        results.append(result)
        if not quiet:
            _print_result(one.source, result)
    return results


def _upload(
    stack: "Stack", runs: "WorkflowRuns", source: "ConfigSource", key: str
) -> dict[str, Any]:
    from latchkey_cli.config_files.upload import UploadOutcome, upload
    from latchkey_cli.output.progress import show_progress

    outcome = UploadOutcome(stack, runs, key)
    with show_progress(f"apply of {source.path}") as progress:
        return outcome.wait(upload(stack, source, key), progress)


def _watched(
    stack: "Stack", runs: "WorkflowRuns", given: str, *, quiet: bool, secrets: bool
) -> dict[str, Any]:
    """The outcome of the newest version of a file, as soon as there is one."""
    from latchkey_cli.config_files.upload import UploadOutcome, newest_version
    from latchkey_cli.output.plans import show_result
    from latchkey_cli.output.progress import show_progress

    key = given.removeprefix(f"s3://{stack.output('ConfigBucketName')}/")
    version = newest_version(stack, key)
    if version is None:
        raise click.ClickException(f"there is no {key} in the config bucket")
    with show_progress(f"the upload of {key}") as progress:
        result = told(UploadOutcome(stack, runs, key).wait(version, progress), secrets=secrets)
    if not quiet:
        show_result(result)
    return result


def _print_result(source: "ConfigSource", result: dict[str, Any]) -> None:
    from latchkey_cli.config_files.dry_run import print_refusal
    from latchkey_cli.output.plans import show_outcome

    if not print_refusal(source, result):
        show_outcome(result)


def _confirm(planned: list[_Planned]) -> None:
    """Have plans confirmed that widen access or take it away."""
    from latchkey_cli.output.plans import takes_away, widens
    from latchkey_cli.output.terminal import confirmed, interactive, say

    wider = [str(one.source.path) for one in planned if widens(one.plan)]
    away = [str(one.source.path) for one in planned if takes_away(one.plan)]
    if not (wider or away):
        return
    if not interactive():
        what = "widens access" if wider else "takes access away"
        raise click.UsageError(
            f"applying {', '.join(wider or away)} {what}, and there is no terminal for "
            "confirmation; give --yes after reviewing the plan"
        )
    say(err=True)
    confirmed("Apply it?" if len(planned) == 1 else f"Apply all {len(planned)}?")
