"""`latchkey plan`: shows what applying config files would change."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from latchkey.newer_python import override
from latchkey_cli.aws.target import Target
from latchkey_cli.changes.option import changed_since
from latchkey_cli.grants.redaction import show_secrets

if TYPE_CHECKING:
    from latchkey_cli.changes.planned import PlannedChange

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
    "files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path, allow_dash=True)
)
@changed_since
@click.option("--key", help="The key in the config bucket; by default the key of the grant's file.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option(
    "--output",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="Output format; markdown is a page for a pull request.",
)
@click.option("--policies", is_flag=True, help="Also show the policies of a new grant.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 if something would change.")
@click.option("--timeout", default=300.0, show_default=True, help="Maximum seconds to wait.")
@show_secrets
@click.pass_obj
def command(
    target: Target,
    *,
    files: tuple[Path, ...],
    since: str | None,
    key: str | None,
    as_json: bool,
    form: str,
    policies: bool,
    detailed_exitcode: bool,
    timeout: float,
    show_secrets: bool,
) -> None:
    """Show what applying config files would change, widened access first. Nothing is changed.

    FILE may be a folder, for all .json files in it, or - for standard input. Exits with 1 if a file
    would be rejected, and prints each problem with its position; with --detailed-exitcode, with 2
    if something would change, as terraform does. --json prints a list where there are several.

    With --changed-since, FILE is the folder that stands for partners/ in the config bucket, and
    removed files are planned, too. --output markdown never prints external IDs.
    """
    from latchkey_cli.aws.workflow_runs import WorkflowRuns
    from latchkey_cli.changes.option import changes_in
    from latchkey_cli.changes.planning import ChangePlanner
    from latchkey_cli.changes.printing import print_changes, print_plans, print_results
    from latchkey_cli.config_files.source import expanded

    form = "json" if as_json else form
    if not (files or since):
        raise click.UsageError("name a file, or with --changed-since a commit")
    changes = changes_in(since, files) if since else ()
    paths = () if since else expanded(files)
    if key and len(paths) != 1:
        raise click.UsageError("--key is for one file")
    stack = target.open()
    planner = ChangePlanner(stack, WorkflowRuns(stack, timeout), secrets=show_secrets)
    plans = planner.plans(changes) if since else planner.files(paths, key)
    made = print_plans(plans, form, policies=policies, several=bool(since) or len(paths) > 1)
    if form == "json":
        (print_changes if since else print_results)(made)
    sys.exit(_status(made, detailed=detailed_exitcode))


def _status(plans: "list[PlannedChange]", *, detailed: bool) -> int:
    if any(one.refused for one in plans):
        return 1
    changes = any(one.result and one.result.get("changes") for one in plans)
    return _CHANGES if detailed and changes else 0
