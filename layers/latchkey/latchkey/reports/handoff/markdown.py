"""The hand-off sheet as Markdown."""

from latchkey.reports.handoff.blocks import (
    Banner,
    Block,
    Cell,
    Code,
    Heading,
    Paragraph,
    Plain,
    Prose,
    SheetTable,
)
from latchkey.reports.handoff.contents import Handoff
from latchkey.reports.handoff.sheet import blocks, title
from latchkey.reports.markdown_text import code, fenced, own, plain, table


def markdown(grant: Handoff) -> str:
    """The whole sheet."""
    return "\n".join([f"# {title(grant)}\n", *map(_written, blocks(grant))])


def _written(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"{'#' * level} {own(text)}\n"
        case Prose(parts):
            return f"{' '.join(map(_cell, parts))}\n"
        case Paragraph(text):
            return f"{own(text)}\n"
        case Banner(text):
            return f"> **{own(text)}**\n"
        case Code(language, text):
            lines = text.removesuffix("\n").split("\n")
            return f"{fenced(language, lines)}\n"
        case SheetTable(header, rows):
            return f"{table(list(map(_cell, header)), [list(map(_cell, row)) for row in rows])}\n"


def _cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return own(cell)
    return plain(cell.text) if isinstance(cell, Plain) else code(cell.text)
