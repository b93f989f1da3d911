"""How commands print: tables and colours on a terminal, plain lines elsewhere, JSON when asked."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

_PIPE_WIDTH = 240
"""Columns where there is no terminal: wide enough that nothing is cut for the next program."""


def console(*, stderr: bool = False) -> "Console":
    """A console that neither marks up nor guesses: what is printed is what was given."""
    from rich.console import Console

    made = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not made.is_terminal:
        made = Console(stderr=stderr, highlight=False, markup=False, emoji=False, width=_PIPE_WIDTH)
    return made


def print_json(document: Any) -> None:
    """Indented JSON, for programs."""
    click.echo(json.dumps(document, indent=2, ensure_ascii=False, default=_plain))


def print_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    colours: Any = None,
    whole: Sequence[str] = (),
) -> None:
    """A table; `colours` answers the style of a row, columns that are `whole` never break.

    Nothing is cut, however narrow the terminal. A column in which nothing stands is left out.
    """
    from rich.table import Table

    lines = [list(row) for row in rows]
    shown = [n for n, _ in enumerate(columns) if not lines or any(line[n] for line in lines)]
    table = Table(header_style="bold", box=None, pad_edge=False)
    for n in shown:
        table.add_column(columns[n], no_wrap=columns[n] in whole, overflow="fold")
    for line in lines:
        table.add_row(*(line[n] for n in shown), style=colours(line) if colours else None)
    console().print(table)


def print_difference(lines: Iterable[str]) -> None:
    """The lines of a unified difference, coloured by their first character."""
    out = console()
    for line in lines:
        bold = line.startswith(("---", "+++"))
        style = "bold" if bold else {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")
        out.print(f"  {line}", style=style or None, soft_wrap=True)


def styled(text: str, style: str) -> None:
    """A line in a style."""
    console().print(text, style=style, soft_wrap=True)


def note(text: str) -> None:
    """A remark on standard error, where it is in no program's way."""
    click.echo(text, err=True)


def interactive() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _plain(value: Any) -> Any:
    """What DynamoDB gives besides JSON: decimal numbers, and sets."""
    if isinstance(value, set | frozenset):
        return sorted(value)
    return int(value) if value == value.to_integral_value() else float(value)
