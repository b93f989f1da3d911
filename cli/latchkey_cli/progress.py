"""A live line on a terminal that says what is going on; a line for each step elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from latchkey_cli.output import console
from latchkey_cli.runs import Tell


@contextmanager
def progress(what: str) -> Iterator[Tell]:
    """Show progress on standard error while the block runs."""
    out = console(stderr=True)
    if not out.is_terminal:
        click.echo(f"{what} …", err=True)
        yield _lines()
        return
    with out.status(f"{what} …") as status:
        yield lambda step: status.update(f"{what}: {step} …")


def _lines() -> Tell:
    told: list[str] = []

    def tell(step: str) -> None:
        if step not in told[-1:]:
            told.append(step)
            click.echo(f"  {step}", err=True)

    return tell
