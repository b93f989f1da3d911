"""Tables and colors on a terminal, plain lines elsewhere, and JSON."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

_PIPE_WIDTH = 240
"""The width without a terminal, so that nothing is cut for the next program."""


def console(*, stderr: bool = False) -> "Console":
    """A console that prints texts as they are, without markup or highlighting."""
    from rich.console import Console

    made = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not made.is_terminal:
        made = Console(stderr=stderr, highlight=False, markup=False, emoji=False, width=_PIPE_WIDTH)
    return made


def print_json(document: Any) -> None:
    """Print indented JSON."""
    click.echo(json.dumps(document, indent=2, ensure_ascii=False, default=_plain))


def print_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    colors: Any = None,
    whole: Sequence[str] = (),
) -> None:
    """Print a table; `colors` answers the style of a row, and `whole` columns are never wrapped.

    Nothing is cut, however narrow the terminal. A column without any value is left out.
    """
    from rich.table import Table

    lines = [list(row) for row in rows]
    shown = [n for n, _ in enumerate(columns) if not lines or any(line[n] for line in lines)]
    table = Table(header_style="bold", box=None, pad_edge=False)
    for n in shown:
        table.add_column(columns[n], no_wrap=columns[n] in whole, overflow="fold")
    for line in lines:
        table.add_row(*(line[n] for n in shown), style=colors(line) if colors else None)
    console().print(table)


def print_difference(lines: Iterable[str]) -> None:
    """Print the lines of a unified difference, colored by their first character."""
    out = console()
    for line in lines:
        bold = line.startswith(("---", "+++"))
        style = "bold" if bold else {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")
        out.print(f"  {line}", style=style or None, soft_wrap=True)


def styled(text: str, style: str) -> None:
    """Print a line in a style."""
    console().print(text, style=style, soft_wrap=True)


def interactive() -> bool:
    """Whether a person can answer a prompt."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _plain(value: Any) -> Any:
    """Decimal numbers and sets of DynamoDB as JSON data."""
    if isinstance(value, set | frozenset):
        return sorted(value)
    return int(value) if value == value.to_integral_value() else float(value)
