"""`latchkey apply`: uploads a config file and waits for its outcome."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from latchkey_cli.aws.target import Target
from latchkey_cli.changes.option import changed_since
from latchkey_cli.grants.redaction import show_secrets, told

if TYPE_CHECKING:
    from latchkey_cli.aws.stack import Stack
    from latchkey_cli.aws.workflow_runs import WorkflowRuns


@click.command(short_help="Upload config files and wait for their outcome.")
@click.argument(
    "files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path, allow_dash=True)
)
@changed_since
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
    *,
    files: tuple[Path, ...],
    since: str | None,
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

    With --changed-since, FILE is the folder that stands for partners/ in the config bucket, and
    what was removed there since that very commit is removed from the bucket.
    """
    from latchkey_cli.aws.workflow_runs import WorkflowRuns
    from latchkey_cli.changes.option import changes_in
    from latchkey_cli.config_files.application import applied, planned
    from latchkey_cli.config_files.source import config_key, expanded, read_source
    from latchkey_cli.output.terminal import print_json

    if bool(files or since) == bool(watch):
        raise click.UsageError(
            "name files, or a commit with --changed-since, or the key of a file with --watch"
        )
    if since and (key or as_json or show_secrets):
        raise click.UsageError("--changed-since goes with --yes and --timeout only")
    changes = changes_in(since, files, since_fork=False) if since else ()
    paths = () if since else expanded(files)
    stack = target.open()
    runs = WorkflowRuns(stack, timeout)
    if since:
        from latchkey_cli.changes.application import apply_changes
        from latchkey_cli.changes.planning import ChangePlanner

        results = apply_changes(stack, runs, ChangePlanner(stack, runs).plans(changes), yes=yes)
    elif watch:
        results = [_watched(stack, runs, watch, quiet=as_json, secrets=show_secrets)]
    else:
        if key and len(paths) > 1:
            raise click.UsageError("--key is for one file")
        sources = [read_source(path, stack) for path in paths]
        plans = [
            planned(stack, runs, one, config_key(one, key, stack), secrets=show_secrets)
            for one in sources
        ]
        results = applied(stack, runs, plans, yes=yes, quiet=as_json)
    if as_json:
        print_json(results[0] if len(results) == 1 else results)
    sys.exit(1 if any(one.get("outcome") in ("rejected", "failed") for one in results) else 0)


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
        found = UploadOutcome(stack, runs, key).wait(version, progress)
        result = told(found, stack=stack, secrets=secrets)
    if not quiet:
        show_result(result)
    return result
