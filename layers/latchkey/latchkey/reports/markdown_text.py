"""Texts of anybody's in Markdown: shown as they are, whatever they hold."""

import re
from collections.abc import Iterable, Sequence

from latchkey.text import one_line

_ACTIVE = re.compile(r"([\\`*_\[\]<>#|~&$!])")
_LINK = re.compile(r"(?i)(:)(?=//)|(?<=www)(\.)|(@)")
_BEGIN = re.compile(r"([-+=])|([0-9]+)([.)])")


def plain(text: object) -> str:
    """A text as one line that Markdown shows as it is: no markup, no link, no hidden character.

    Any ASCII punctuation may be escaped by a backslash (CommonMark, "Backslash escapes").
    """
    found = _ACTIVE.sub(r"\\\1", _line(text))
    found = _LINK.sub(lambda match: f"\\{match[0]}", found)
    if begin := _BEGIN.match(found):
        where = begin.start(1) if begin[1] else begin.start(3)
        found = f"{found[:where]}\\{found[where:]}"
    return found


def code(text: object) -> str:
    """A text as a code span, between more backticks than it has (CommonMark, "Code spans")."""
    found = _line(text)
    fence = "`" * (_longest_run(found) + 1)
    around = " " if found.startswith("`") or found.endswith("`") or not found else ""
    return f"{fence}{around}{found}{around}{fence}"


def own(text: object) -> str:
    """Our own words, whose markup means something, on one line; values in them are `code`."""
    return _line(text)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already; a `|` in a code span is escaped as well (GFM)."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def fenced(kind: str, lines: Iterable[str]) -> str:
    """Lines as a code block of a kind, behind a fence that none of them can end."""
    shown = [one_line(line) for line in lines]
    fence = "`" * max(3, _longest_run("\n".join(shown)) + 1)
    return "\n".join([f"{fence}{kind}", *shown, fence])


def _line(text: object) -> str:
    """On one line, with a code where something could not be seen."""
    return " ".join(one_line(text).split())


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def _cell(markdown: str) -> str:
    """Each `|` behind an odd number of backslashes, so that it ends no cell."""
    return re.sub(r"(\\*)\|", lambda m: m[0] if len(m[1]) % 2 else f"{m[1]}\\|", markdown)
