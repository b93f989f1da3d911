"""Texts of anybody's in HTML: shown as they are, whatever they hold."""

import re
from html import escape

from latchkey.text import lines, one_line

NO_LINKS = "telephone=no, date=no, address=no, email=no, url=no"
"""The content of `<meta name="format-detection">`: readers make no links of what looks like one."""

_CODE = re.compile(r"`([^`]+)`")


def plain(text: object) -> str:
    """A text as one line that HTML shows as it is, also within an attribute in quotes."""
    return escape(one_line(text))


def code(text: object) -> str:
    """A text as code on one line."""
    return f"<code>{plain(text)}</code>"


def block(text: object) -> str:
    """A text of several lines as a block of code."""
    return f"<pre><code>{escape(chr(10).join(lines(text)))}</code></pre>"


def own(text: object) -> str:
    """Our own words, with what stands between backticks as code."""
    return _CODE.sub(r"<code>\1</code>", plain(text))
