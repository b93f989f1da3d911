"""What a sheet is made of, for whatever writes it down."""

from latchkey.frozen import Frozen


class Value(Frozen):
    """A name or a value, to be shown as such."""

    text: str


class Plain(Frozen):
    """Anybody's words, in which nothing is markup."""

    text: str


Cell = str | Value | Plain
"""A cell, or a part of a sentence; one that is just a text holds our own words, with what stands
between backticks as code."""


class Heading(Frozen):
    """A heading within the sheet; a `part` begins on a page of its own, and has others in it."""

    text: str
    level: int = 2
    part: bool = False


class Paragraph(Frozen):
    """A paragraph of our own words; `code` in them stands between backticks."""

    text: str


class Prose(Frozen):
    """A paragraph of our own words and of others', with a space between its parts."""

    parts: tuple[Cell, ...]


class Banner(Frozen):
    """What has to be seen before anything else."""

    text: str


class Code(Frozen):
    """Text to be pasted as it is, which is in a language."""

    language: str
    text: str


class SheetTable(Frozen):
    """A table; without a header where that would say nothing."""

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


Block = Heading | Paragraph | Prose | Banner | Code | SheetTable
