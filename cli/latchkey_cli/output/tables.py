"""Tables: on a terminal as wide as it is, whole with `--wide`, or as CSV for other programs.

A time, a name or an ARN is never folded: texts are wrapped between words only. Where words do not
fit, columns that say less are left out; where that is not enough, lines are longer than a terminal.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeAlias

import click

from latchkey.text import one_line
from latchkey_cli.output.terminal import console, print_text, say

_GAP = 2
"""Characters between two columns."""

_FORMULA = ("=", "+", "-", "@")
"""How cells begin that spreadsheets calculate."""


@dataclass(frozen=True)
class Table:
    """Rows of texts under their columns.

    `whole` columns are never wrapped. `spare` ones are left out where there is no room, the first
    of them first. A column without any value is left out.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    whole: Sequence[str] = ()
    spare: Sequence[str] = ()
    style: Callable[[Sequence[str]], str | None] | None = None


@dataclass(frozen=True)
class Format:
    """How a command is to print its rows, as given on the command line."""

    kind: str = "table"
    wide: bool = False

    @property
    def is_json(self) -> bool:
        """Whether JSON is asked for, which the command prints itself."""
        return self.kind == "json"

    def print(self, table: Table) -> None:
        """Print a table; JSON is the command's own."""
        if self.kind == "csv":
            _print_csv(table)
        else:
            print_table(table, wide=self.wide)


def format_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of commands that print rows; the command gets a `Format` as `output`."""

    @wraps(command)
    def formatted(*args: Any, kind: str, as_json: bool, wide: bool, **given: Any) -> Any:
        return command(*args, output=Format("json" if as_json else kind, wide), **given)

    options = (
        click.option(
            "--output",
            "kind",
            type=click.Choice(["table", "json", "csv"]),
            default="table",
            help="How to print: a table for people, or JSON or CSV for programs.",
        ),
        click.option("--json", "as_json", is_flag=True, help="The same as --output json."),
        click.option("--wide", is_flag=True, help="All columns, however narrow the terminal."),
    )
    for option in reversed(options):
        formatted = option(formatted)
    return formatted


def print_table(table: Table, *, wide: bool = False) -> None:
    """Print a table for people."""
    from rich.table import Table as RichTable

    cells = [[one_line(text) for text in row] for row in table.rows]
    out = console()
    filled = [n for n, _ in enumerate(table.columns) if not cells or any(row[n] for row in cells)]
    sizes = {n: _sizes(table, cells, n, wide=wide) for n in filled}
    shown = filled if wide else _fitting(table, sizes, out.width)
    left_out = [table.columns[n].strip() for n in filled if n not in shown]
    widths = _widths({n: sizes[n] for n in shown}, out.width)
    out.width = max(out.width, _together(widths.values()))
    made = RichTable(header_style="bold", box=None, pad_edge=False)
    for n in shown:
        made.add_column(table.columns[n], width=widths[n], overflow="fold")
    for row in cells:
        made.add_row(*(row[n] for n in shown), style=table.style(row) if table.style else None)
    out.print(made)
    if left_out and out.is_terminal:
        say(f"not shown: {', '.join(left_out).lower()} (--wide shows all)", err=True)


_Sizes: TypeAlias = dict[int, tuple[int, int]]
"""By column: the characters that it needs, and those that it would have."""


def _sizes(table: Table, cells: Sequence[Sequence[str]], n: int, *, wide: bool) -> tuple[int, int]:
    """A column needs its longest word, or all of its longest text where it is never folded."""
    from rich.cells import cell_len

    texts = [table.columns[n], *(row[n] for row in cells)]
    longest = max(map(cell_len, texts))
    if wide or table.columns[n] in table.whole:
        return longest, longest
    return max(cell_len(word) for text in texts for word in (text.split() or [""])), longest


def _fitting(table: Table, sizes: _Sizes, room: int) -> list[int]:
    """The columns that there is room for."""
    shown = [*sizes]
    for name in table.spare:
        if _together(sizes[n][0] for n in shown) <= room:
            break
        shown = [n for n in shown if table.columns[n] != name]
    return shown


def _widths(sizes: _Sizes, room: int) -> dict[int, int]:
    """The width of each column: what it needs, and of what is left as much as it can use."""
    widths = {n: least for n, (least, _) in sizes.items()}
    left = room - _together(widths.values())
    for n, (least, most) in sorted(sizes.items(), key=lambda one: one[1][1] - one[1][0]):
        more = max(0, min(most - least, left))
        widths[n] += more
        left -= more
    return widths


def _together(widths: Iterable[int]) -> int:
    found = [*widths]
    return sum(found) + _GAP * (len(found) - 1)


def _print_csv(table: Table) -> None:
    """Print CSV (RFC 4180) with all columns; nothing in it is a formula for a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(name.strip().lower().replace(" ", "_") or "when" for name in table.columns)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    print_text(text.getvalue())


def _cell(value: str) -> str:
    found = one_line(value).strip()
    return f"'{found}" if found.startswith(_FORMULA) else found
