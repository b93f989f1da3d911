"""What the history queries answer with; they are asked through the layer's use case."""

from importlib import import_module
from typing import Any

import click

from latchkey_cli.output import print_json, print_table
from latchkey_cli.stack import Stack

_FIRST = ("grant", "partner", "principals", "resource", "may", "allow", "from", "until")


def history_reader(stack: Stack) -> Any:
    """The use case that answers questions about the past.

    Raises
    ------
    ClickException
        When the installed `latchkey` is from before there was one.
    """
    try:
        reader = import_module("latchkey.use_cases.ask_history").HistoryReader
    except ModuleNotFoundError as error:
        if error.name != "latchkey.use_cases.ask_history":
            raise
        raise click.ClickException(
            "this version of Latchkey keeps no index of the past; "
            "the history of one grant is in `latchkey show`"
        ) from None
    return reader(stack.table)


def print_answer(found: list[dict[str, Any]], *, as_json: bool, none: str) -> None:
    """Rows that a history query answers, as a table of the fields that they have."""
    if as_json:
        print_json(found)
        return
    if not found:
        click.echo(none, err=True)
        return
    names = list(dict.fromkeys(name for row in found for name in row))
    names.sort(key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))
    print_table(
        [name.replace("_", " ").upper() for name in names],
        [[_shown(row.get(name)) for name in names] for row in found],
    )


def _shown(value: Any) -> str:
    match value:
        case None:
            return ""
        case list() | tuple() | set() | frozenset():
            return ", ".join(_shown(item) for item in value)
        case dict():
            return "; ".join(f"{name}: {_shown(item)}" for name, item in value.items())
        case _:
            return str(value)
