"""A dry run of a config file: the plan that applying it would carry out."""

from typing import Any

import click

from latchkey.config.problem import Problem
from latchkey_cli.config_source import ConfigSource
from latchkey_cli.runs import Runs, Tell


def dry_run(runs: Runs, source: ConfigSource, key: str, tell: Tell) -> dict[str, Any]:
    """The result of a dry run of the file as if it were uploaded under the key."""
    request = {"config": source.document, "dry_run": True, "as_file": key}
    ended = runs.run(request, tell)
    if ended.failed:
        raise click.ClickException(f"the plan could not be made: {ended.error}: {ended.cause}")
    return ended.output


def stopped(source: ConfigSource, result: dict[str, Any]) -> bool:
    """Whether a result is a rejection or failure; if so its problems are printed in place."""
    if result.get("outcome") not in ("rejected", "failed"):
        return False
    problems = [Problem(**problem) for problem in result.get("problems", [])]
    source.tell(problems)
    if not problems:
        click.echo(f"{source.path}: {result.get('reason')}")
    return True
