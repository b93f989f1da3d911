"""Progress on standard error: a live line on a terminal, otherwise a line for each step."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from latchkey_cli.aws.workflow_runs import Progress
from latchkey_cli.output.terminal import console


@contextmanager
def show_progress(what: str) -> Iterator[Progress]:
    """Show the steps that are reported while the block runs."""
    out = console(stderr=True)
    if not out.is_terminal:
        click.echo(f"{what} …", err=True)
        yield _lines()
        return
    with out.status(f"{what} …") as status:
        yield lambda step: status.update(f"{what}: {step} …")


def _lines() -> Progress:
    shown: list[str] = []

    def report(step: str) -> None:
        if step not in shown[-1:]:
            shown.append(step)
            click.echo(f"  {step}", err=True)

    return report
