"""The terminal: tables and colors on one, plain lines elsewhere, JSON, questions.

All that commands print goes through here, so that no text from a file, from the table or from AWS
acts: no escape sequence, no markup, no line of its own (`latchkey.text`). A contract test fails
where anything else prints.
"""

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from latchkey.text import json_text, lines, one_line

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


def say(text: object = "", *, err: bool = False, style: str | None = None) -> None:
    """Print one line; `err` is for what no program reads."""
    if style:
        console(stderr=err).print(one_line(text), style=style, soft_wrap=True)
    else:
        click.echo(one_line(text), err=err)


def say_parts(*parts: tuple[str, str]) -> None:
    """Print one line of texts, each in a style."""
    from rich.text import Text

    line = Text.assemble(*((one_line(text), style) for text, style in parts))
    console().print(line, soft_wrap=True)


def print_text(text: str) -> None:
    """Print a text of several lines, as it is but for what acts; it may end in a line break."""
    for line in lines(text.removesuffix("\n")):
        click.echo(line)


def print_bytes(content: bytes) -> None:
    """Print bytes for a program as they are; on a terminal as a text in which nothing acts."""
    if sys.stdout.isatty():
        print_text(content.decode("utf-8", "replace"))
    else:
        click.echo(content, nl=False)


def json_document(document: Any) -> str:
    """Indented JSON in which every character is seen, ending in a line break."""
    return json_text(document, indent=2, default=_plain) + "\n"


def print_json(document: Any) -> None:
    """Print indented JSON."""
    click.echo(json_document(document), nl=False)


def confirmed(question: str) -> None:
    """Ask on standard error, and abort unless the answer is yes."""
    click.confirm(one_line(question), abort=True, err=True)


def ask(question: str, usual: str | None = None) -> str:
    """Ask on standard error for a text; `usual` is the answer of who only presses Enter."""
    default = None if usual is None else one_line(usual)
    return str(
        click.prompt(one_line(question), default=default, show_default=bool(default), err=True)
    )


def print_difference(difference: Iterable[str]) -> None:
    """Print the lines of a unified difference, colored by their first character."""
    out = console()
    for line in map(one_line, difference):
        bold = line.startswith(("---", "+++"))
        style = "bold" if bold else {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")
        out.print(f"  {line}", style=style or None, soft_wrap=True)


def styled(text: str, style: str | None) -> None:
    """Print a line in a style."""
    console().print(one_line(text), style=style, soft_wrap=True)


def interactive() -> bool:
    """Whether a person can answer a prompt."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _plain(value: Any) -> Any:
    """Decimal numbers and sets of DynamoDB as JSON data."""
    if isinstance(value, set | frozenset):
        return sorted(value)
    return int(value) if value == value.to_integral_value() else float(value)
