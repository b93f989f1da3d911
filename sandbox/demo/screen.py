"""What the demo prints: steps, documents, differences, and facts that hold or do not."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from latchkey.text import json_text, lines


class Screen:
    """Prints the story and keeps count of what was not as it says."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)
        self._steps = 0
        self.failures: list[str] = []

    def step(self, title: str, remark: str = "") -> None:
        """Start the next step of the story."""
        self._steps += 1
        self._console.print()
        self._console.rule(f"[bold]{self._steps}. {_plain(title)}", align="left")
        if remark:
            self.say(remark)

    def say(self, text: str) -> None:
        """A remark."""
        self._console.print(f"[dim]{_plain(text)}[/]")

    def fact(self, statement: str, holds: bool, otherwise: str = "") -> None:
        """A statement, with whether it was found to hold; `otherwise` says what was found."""
        if holds:
            self._console.print(f"  [green]✓[/] {_plain(statement)}")
            return
        self.failures.append(statement)
        self._console.print(f"  [red]✗ {_plain(statement)}[/] {_plain(otherwise)}")

    def document(self, title: str, document: Any) -> None:
        """A JSON document in a frame."""
        text = Syntax(self._pretty(document), "json", background_color="default", word_wrap=True)
        self._console.print(_framed(text, title, "cyan"))

    def command(self, line: str, printed: str, most: int | None = None) -> None:
        """A command line with what it printed, or the first lines of that."""
        shown = Text.from_ansi(printed.rstrip("\n")).split()
        self._console.print(f"[bold]$ {_plain(line)}[/]")
        for text in shown[:most]:
            self._console.print(text)
        if most and shown[most:]:
            self.say(f"… and {len(shown) - most} more lines")

    @property
    def width(self) -> int:
        """The characters of a line."""
        return self._console.width

    def _pretty(self, document: Any) -> str:
        return _pretty(document, self._console.width - len("│  │"))

    def rows(self, columns: list[str], rows: list[list[str]]) -> None:
        """A table."""
        table = Table(*columns, header_style="bold", box=None, pad_edge=False)
        for row in rows:
            table.add_row(*map(_plain, row))
        self._console.print(table)

    def next(self, commands: Sequence[tuple[str, str]]) -> None:
        """What to try now, each with what it does."""
        self._console.print()
        self._console.print("[bold]What to try next[/]")
        width = max(len(line) for line, _ in commands)
        for line, what in commands:
            self._console.print(f"  {_plain(line.ljust(width))}  [dim]# {_plain(what)}[/]")

    def verdict(self, honest: str) -> int:
        """The end of the story; answers the exit status."""
        self._console.print()
        self.say(honest)
        if not self.failures:
            self._console.print("[bold green]Everything above was found to be as it says.[/]")
            return 0
        self._console.print(f"[bold red]{len(self.failures)} statements did not hold:[/]")
        for failure in self.failures:
            self._console.print(f"  [red]✗[/] {_plain(failure)}")
        return 1


def _framed(text: Syntax, title: str, color: str) -> Panel:
    return Panel(text, title=_plain(title), title_align="left", border_style=color)


def _plain(text: str) -> str:
    """A text without markup and without what acts on a terminal; lines stay."""
    return escape("\n".join(lines(text)))


def _pretty(value: Any, width: int, indent: str = "", key: str = "") -> str:
    """JSON with everything on one line that fits on one."""
    line = f"{indent}{key}{json_text(value)}"
    if not isinstance(value, dict | list) or len(line) < width:
        return line
    if isinstance(value, dict):
        opening, closing = "{}"
        items = [(f"{json_text(name)}: ", item) for name, item in value.items()]
    else:
        opening, closing = "[]"
        items = [("", item) for item in value]
    lines = [_pretty(item, width, indent + "  ", name) for name, item in items]
    return f"{indent}{key}{opening}\n" + ",\n".join(lines) + f"\n{indent}{closing}"
