"""The hand-off sheet as one HTML page: nothing is loaded, nothing runs, everything is escaped."""

import re
from html import escape

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

_CODE = re.compile(r"`([^`]+)`")

_STYLE = """\
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; }
h1 { font-size: 1.5rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
code, pre { font: .875rem/1.45 ui-monospace, Menlo, Consolas, monospace; }
code { overflow-wrap: anywhere; }
pre { border: 1px solid #8886; border-radius: .4rem; overflow-wrap: anywhere; padding: .75rem;
  white-space: pre-wrap; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8886; padding: .35rem .75rem .35rem 0; text-align: left;
  vertical-align: top; }
td:first-child { min-width: 7rem; }
.banner { background: #b3261e; border-radius: .4rem; color: #fff; font-weight: 600;
  padding: .75rem 1rem; }
@media (max-width: 36rem) {
  thead { display: none; }
  td { border: 0; display: block; padding: 0; }
  td:first-child { font-weight: 600; padding-top: .6rem; }
  tr { border-bottom: 1px solid #8886; display: block; padding-bottom: .6rem; }
}
@media print {
  body { font-size: 10pt; max-width: none; padding: 0; }
  h2 { break-after: avoid; }
  pre, tr { break-inside: avoid; }
  .banner { background: none; border: 2pt solid; color: inherit; }
}
"""

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<h1>{title}</h1>
{body}</body>
</html>
"""


def html(grant: Handoff) -> str:
    """The whole page."""
    body = "".join(map(_written, blocks(grant)))
    return _PAGE.format(title=escape(title(grant)), style=_STYLE, body=body)


def _written(block: Block) -> str:
    match block:
        case Heading(text):
            return f"<h2>{escape(text)}</h2>\n"
        case Paragraph(text):
            return f"<p>{_words(text)}</p>\n"
        case Banner(text):
            return f'<p class="banner">{escape(text)}</p>\n'
        case Code(_, text):
            return f"<pre><code>{escape(text)}</code></pre>\n"
        case SheetTable(header, rows):
            head = _row("th", header) if any(header) else ""
            body = "".join(_row("td", row) for row in rows)
            return f"<table>\n<thead>{head}</thead>\n<tbody>\n{body}</tbody>\n</table>\n"


def _row(tag: str, cells: tuple[Cell, ...]) -> str:
    return f"<tr>{''.join(f'<{tag}>{_cell(cell)}</{tag}>' for cell in cells)}</tr>\n"


def _cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return _words(cell)
    text = escape(cell.text)
    return text if isinstance(cell, Plain) else f"<code>{text}</code>"


def _words(text: str) -> str:
    """Our own words, with what stands between backticks as code."""
    return _CODE.sub(r"<code>\1</code>", escape(text))
