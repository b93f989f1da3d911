"""`latchkey plan`: shows what applying config files would change."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, override

import click

from latchkey_cli.aws.target import Target
from latchkey_cli.grants.redaction import show_secrets, told

if TYPE_CHECKING:
    from latchkey_cli.aws.stack import Stack
    from latchkey_cli.config_files.source import ConfigSource

_CHANGES = 2


@contextmanager
def _usage_is_an_error() -> Iterator[None]:
    try:
        yield
    except click.UsageError as error:
        error.exit_code = 1
        raise


class _Plan(click.Command):
    """Usage errors exit with 1, since 2 says that something would change, as with terraform."""

    @override
    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        with _usage_is_an_error():
            return super().make_context(*args, **kwargs)

    @override
    def invoke(self, ctx: click.Context) -> Any:
        with _usage_is_an_error():
            return super().invoke(ctx)


@click.command(cls=_Plan, short_help="Show what applying config files would change.")
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True, allow_dash=True),
)
@click.option("--key", help="The key in the config bucket; by default the key of the grant's file.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--policies", is_flag=True, help="Also show the policies of a new grant.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 if something would change.")
@click.option("--timeout", default=300.0, show_default=True, help="Maximum seconds to wait.")
@show_secrets
@click.pass_obj
def command(
    target: Target,
    files: tuple[Path, ...],
    key: str | None,
    as_json: bool,
    policies: bool,
    detailed_exitcode: bool,
    timeout: float,
    show_secrets: bool,
) -> None:
    """Show what applying config files would change, widened access first. Nothing is changed.

    FILE may be a folder, for all .json files in it, or - for standard input. Exits with 1 if a file
    would be rejected, and prints each problem with its position; with --detailed-exitcode, with 2
    if something would change, as terraform does. --json prints a list where there are several.
    """
    from latchkey_cli.aws.workflow_runs import WorkflowRuns
    from latchkey_cli.config_files.dry_run import print_refusal
    from latchkey_cli.config_files.source import expanded
    from latchkey_cli.output.plans import show_needs, show_plan
    from latchkey_cli.output.terminal import print_json, say

    stack, paths = target.open(), expanded(files)
    if key and len(paths) > 1:
        raise click.UsageError("--key is for one file")
    results = []
    for source, planned in _planned(stack, WorkflowRuns(stack, timeout), paths, key):
        result = told(planned, stack=stack, secrets=show_secrets, config=source.document)
        if as_json:
            results.append(result)
            continue
        if len(paths) > 1:
            say(f"{source.path}:", style="bold")
        if print_refusal(source, result):
            show_needs(result)
        else:
            show_plan(result, policies=policies)
        results.append(result)
    if as_json and results:
        print_json(results[0] if len(paths) == 1 else results)
    sys.exit(_status(results, len(paths), detailed=detailed_exitcode))


def _planned(
    stack: "Stack", runs: Any, paths: list[Path], key: str | None
) -> "Iterator[tuple[ConfigSource, dict[str, Any]]]":
    """The plan of each file that is JSON; what is wrong with others is printed."""
    from latchkey_cli.config_files.dry_run import dry_run
    from latchkey_cli.config_files.source import config_key, read_source
    from latchkey_cli.output.progress import show_progress

    for path in paths:
        try:
            source = read_source(path, stack)
        except click.exceptions.Exit:
            continue
        with show_progress(f"plan of {path}") as progress:
            place = config_key(source, key, stack)
            result = dry_run(runs, source, place, progress)
        yield source, result


def _status(results: list[dict[str, Any]], files: int, *, detailed: bool) -> int:
    if len(results) < files or any(one.get("outcome") != "planned" for one in results):
        return 1
    return _CHANGES if detailed and any(one.get("changes") for one in results) else 0
