"""The hand-off sheet as Markdown."""

import re

from latchkey.reports.handoff.contents import Handoff
from latchkey.reports.handoff.sheet import (
    Banner,
    Block,
    Cell,
    Code,
    Heading,
    Paragraph,
    Plain,
    SheetTable,
    blocks,
    title,
)

_FENCE = "```"
_RUNS = re.compile(r"`+")
_MARKUP = re.compile(r"([\\`*_\[\]<>&|~])")
"""All that means something within a line of Markdown."""


def markdown(grant: Handoff) -> str:
    """The whole sheet."""
    return "\n".join([f"# {title(grant)}\n", *map(_written, blocks(grant))])


def _written(block: Block) -> str:
    match block:
        case Heading(text):
            return f"## {text}\n"
        case Paragraph(text):
            return f"{text}\n"
        case Banner(text):
            return f"> **{text}**\n"
        case Code(language, text):
            return f"{_FENCE}{language}\n{text}{_FENCE}\n"
        case SheetTable(header, rows):
            lines = [header, tuple("---" for _ in header), *rows]
            return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(cell: Cell) -> str:
    """A value is code, whose fence is longer than any in it: nothing else in it is markup.

    A bar would end the cell even there (GitHub Flavored Markdown, "Tables").
    """
    if isinstance(cell, str):
        return cell.replace("|", "\\|")
    if isinstance(cell, Plain):
        return _MARKUP.sub(r"\\\1", cell.text)
    fence = "`" * (1 + max((len(run) for run in _RUNS.findall(cell.text)), default=0))
    room = " " if cell.text.startswith("`") or cell.text.endswith("`") else ""
    return f"{fence}{room}{cell.text}{room}{fence}".replace("|", "\\|")
