"""`latchkey plan`: shows what applying a config file would change."""

import sys
from pathlib import Path

import click

from latchkey_cli.aws.target import Target
from latchkey_cli.grants.redaction import show_secrets, told

_CHANGES = 2


@click.command(short_help="Show what applying a config file would change.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--key", help="The key in the config bucket; by default the key of the grant's file.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--policies", is_flag=True, help="Also show the policies of a new grant.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 if something would change.")
@click.option("--timeout", default=300.0, show_default=True, help="Maximum seconds to wait.")
@show_secrets
@click.pass_obj
def command(
    target: Target,
    file: Path,
    key: str | None,
    as_json: bool,
    policies: bool,
    detailed_exitcode: bool,
    timeout: float,
    show_secrets: bool,
) -> None:
    """Show what applying a config file would change, widened access first. Nothing is changed.

    Exits with 1 if the file would be rejected, and prints each problem with its position.
    """
    from latchkey_cli.aws.workflow_runs import WorkflowRuns
    from latchkey_cli.config_files.dry_run import dry_run, print_refusal
    from latchkey_cli.config_files.source import config_key, read_source
    from latchkey_cli.output.plans import show_needs, show_plan
    from latchkey_cli.output.progress import show_progress
    from latchkey_cli.output.terminal import print_json

    stack = target.open()
    source = read_source(file, stack)
    with show_progress(f"plan of {file}") as progress:
        runs, key = WorkflowRuns(stack, timeout), config_key(source, key, stack)
        result = told(
            dry_run(runs, source, key, progress), secrets=show_secrets, config=source.document
        )
    if as_json:
        print_json(result)
    elif print_refusal(source, result):
        show_needs(result)
    else:
        show_plan(result, policies=policies)
    if result.get("outcome") != "planned":
        sys.exit(1)
    sys.exit(_CHANGES if detailed_exitcode and result.get("changes") else 0)
