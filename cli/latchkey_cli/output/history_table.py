"""The answers of history queries on the terminal."""

import re
from typing import Any

from latchkey_cli.output.tables import Format, Table
from latchkey_cli.output.terminal import print_json, say

_FIRST = ("grant", "account", "principals", "service", "resource", "may", "since", "until", "ended")
_PLAIN = Format()
_FRACTION = re.compile(r"\.[0-9]+Z$")
_HIDDEN = ("partner", "arn", "role_arn", "purpose", "owner", "since_known", "certain")
"""Fields that tables leave out or show within another field; JSON has them all."""


def located(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows, each with the account of its role."""
    return [{**row, "account": _account(row.get("role_arn"))} for row in found]


def _account(role_arn: str | None) -> str | None:
    return role_arn.split(":")[4] if role_arn else None


def print_history(
    found: list[dict[str, Any]], *, none: str, output: Format = _PLAIN, own: str = ""
) -> None:
    """The rows of an answer: JSON, or a table of the fields that people need.

    Where all roles are in the stack's `own` account, a table does not say so.
    """
    if output.is_json:
        print_json(found)
        return
    if not found:
        say(none, err=True)
        return
    there = {name for row in found for name, value in row.items() if value is not None}
    hidden = {*_HIDDEN, *({"author"} - there)}
    if {row.get("account") for row in found} <= {own, None}:
        hidden.add("account")
    names = [n for n in dict.fromkeys(n for row in found for n in row) if n not in hidden]
    names.sort(key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))
    output.print(
        Table(
            [name.replace("_", " ").upper() for name in names],
            [[_cell(row, name) for name in names] for row in found],
            whole=("GRANT", "ACCOUNT", "SINCE", "UNTIL", "AT"),
            spare=("AUTHOR", "SERVICE", "ENDED", "PRINCIPALS", "SINCE"),
        )
    )


def _cell(row: dict[str, Any], name: str) -> str:
    text = _FRACTION.sub("Z", _shown(row.get(name)))
    match name:
        case "grant" if "partner" in row and "." not in text:
            return f"{row['partner']}.{text}"
        case "since" if row.get("since_known") is False:
            return f"before {text}"
        case "may" if row.get("certain") is False:
            return f"{text} (perhaps)"
        case _:
            return text


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
