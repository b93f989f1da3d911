"""`latchkey apply`: uploads a config file and waits for its outcome."""

import sys
from pathlib import Path

import click

from latchkey_cli.target import Target


@click.command(short_help="Upload a config file and wait for its outcome.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--key", help="The key in the config bucket; by default the key of the grant's file.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation if the plan widens access.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--timeout", default=300.0, show_default=True, help="Maximum seconds to wait.")
@click.pass_obj
def command(
    target: Target, file: Path, key: str | None, yes: bool, as_json: bool, timeout: float
) -> None:
    """Plan a config file, upload it, and wait for its outcome.

    A file that would be rejected is not uploaded. If the plan widens access, you are asked to
    confirm it, unless --yes is given. Exits with 1 if the file is rejected or fails.
    """
    from latchkey_cli.config_source import config_key, read_source
    from latchkey_cli.output import print_json
    from latchkey_cli.plan_view import show_outcome, show_plan, widens
    from latchkey_cli.planning import dry_run, stopped
    from latchkey_cli.progress import progress
    from latchkey_cli.runs import Runs
    from latchkey_cli.uploading import Follower, is_there, upload

    stack = target.open()
    source = read_source(file, stack)
    runs, key = Runs(stack, timeout), config_key(source, key, stack)
    with progress(f"plan of {file}") as tell:
        planned = dry_run(runs, source, key, tell)
    if stopped(source, planned):
        sys.exit(1)
    if not as_json:
        show_plan(planned)
    if not planned.get("changes") and is_there(stack, source, key):
        click.echo(f"{key} is there already", err=True)
        if as_json:
            print_json(planned)
        return
    if widens(planned) and not yes:
        _ask(file)
    follower = Follower(stack, runs, key)
    with progress(f"apply of {file}") as tell:
        result = follower.outcome(upload(stack, source, key), tell)
    if as_json:
        print_json(result)
    elif not stopped(source, result):
        show_outcome(result)
    sys.exit(1 if result.get("outcome") in ("rejected", "failed") else 0)


def _ask(file: Path) -> None:
    from latchkey_cli.output import interactive

    if not interactive():
        raise click.UsageError(
            f"applying {file} widens access, and there is no terminal to ask at; "
            "give --yes once the plan was looked at"
        )
    click.confirm("\nApply it?", abort=True, err=True)
