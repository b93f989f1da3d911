"""The hand-off sheet as one HTML page: nothing is loaded, nothing runs, everything is escaped."""

from collections.abc import Iterable
from itertools import zip_longest

from latchkey.reports import html_text
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

_STYLE = """\
:root { background: Canvas; color: CanvasText; color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; }
body.wide { max-width: 90rem; }
h1 { font-size: 1.5rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
.part { border-top: 3px double #8888; font-size: 1.4rem; margin-top: 3rem; padding-top: 1.5rem; }
code, pre { font: .875rem/1.45 ui-monospace, Menlo, Consolas, monospace; }
code, td { unicode-bidi: isolate; }
code { overflow-wrap: anywhere; }
pre { border: 1px solid #8886; border-radius: .4rem; overflow-wrap: anywhere; padding: .75rem;
  white-space: pre-wrap; }
table { border-collapse: collapse; margin-bottom: 1.25rem; width: 100%; }
th, td { border-bottom: 1px solid #8886; padding: .35rem .75rem .35rem 0; text-align: left;
  vertical-align: top; }
td:first-child { min-width: 8.5rem; }
.wide td:is([data-label=by], [data-label=who]) { min-width: 9rem; overflow-wrap: anywhere; }
.wide td[data-label=changed] { min-width: 16rem; }
@media (min-width: 80rem) {
  .wide td:is([data-label=by], [data-label=who]) { min-width: 17rem; }
}
.banner { background: #b3261e; border-radius: .4rem; color: #fff; font-weight: 600;
  padding: .75rem 1rem; }
@media (max-width: 36rem) {
  thead { display: none; }
  td { border: 0; display: block; overflow-wrap: anywhere; padding: 0; }
  td:first-child { font-weight: 600; padding-top: .6rem; }
  td:empty { display: none; }
  td[data-label]:not(:first-child)::before { content: attr(data-label) ": "; opacity: .75; }
  tr { border-bottom: 1px solid #8886; display: block; padding-bottom: .6rem; }
}
@page wide { size: landscape; }
@media print {
  body, body.wide { font-size: 10pt; max-width: none; padding: 0; }
  body.wide { page: wide; }
  h2, h3 { break-after: avoid; }
  h2 { margin: 1.2rem 0 .3rem; }
  table { margin-bottom: .8rem; }
  th, td { padding: .15rem .6rem .15rem 0; }
  .part { border: 0; break-before: page; margin-top: 0; padding-top: 0; }
  pre, tr { break-inside: avoid; }
  .banner { background: none; border: 2pt solid; color: inherit; }
}
"""

_NAMELESS = 2
"""Columns that say what they are without their names, one below the other."""

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="format-detection" content="{no_links}">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
{style}</style>
</head>
<body{kind}>
<h1>{title}</h1>
{body}</body>
</html>
"""


def html(grant: Handoff) -> str:
    """The whole page."""
    return page(title(grant), blocks(grant))


def page(title: str, blocks: Iterable[Block], *, wide: bool = False) -> str:
    """A page of blocks below a title; `wide` is for tables of many columns."""
    return _PAGE.format(
        title=html_text.plain(title),
        style=_STYLE,
        kind=' class="wide"' if wide else "",
        body="".join(map(_written, blocks)),
        no_links=html_text.NO_LINKS,
    )


def _written(block: Block) -> str:
    match block:
        case Heading(text, level, part):
            kind = ' class="part"' if part else ""
            return f"<h{level}{kind}>{html_text.plain(text)}</h{level}>\n"
        case Prose(parts):
            return f"<p>{' '.join(map(_cell, parts))}</p>\n"
        case Paragraph(text):
            return f"<p>{html_text.own(text)}</p>\n"
        case Banner(text):
            return f'<p class="banner">{html_text.plain(text)}</p>\n'
        case Code(_, text):
            return f"{html_text.block(text)}\n"
        case SheetTable(header, rows):
            head = _row("th", header) if any(header) else ""
            body = "".join(_row("td", row, _labels(header)) for row in rows)
            return f"<table>\n<thead>{head}</thead>\n<tbody>\n{body}</tbody>\n</table>\n"


def _labels(header: tuple[str, ...]) -> tuple[str, ...]:
    """What stands before the cells where columns stand below each other; two need no name."""
    return header if len(header) > _NAMELESS else ()


def _row(tag: str, cells: tuple[Cell, ...], labels: tuple[str, ...] = ()) -> str:
    named = [f' data-label="{html_text.plain(label)}"' for label in labels]
    each = zip_longest(cells, named, fillvalue="")
    return f"<tr>{''.join(f'<{tag}{name}>{_cell(cell)}</{tag}>' for cell, name in each)}</tr>\n"


def _cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return html_text.own(cell)
    return html_text.plain(cell.text) if isinstance(cell, Plain) else html_text.code(cell.text)
