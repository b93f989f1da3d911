"""The page: one HTML file that holds its style, its script and the register's data.

What comes from configs is anybody's text. It is in the page as JSON in a data block only, where
nothing of it can end the block; the script puts it on the screen as text, never as HTML. The
page's content security policy allows this very style and script, known by their digests, and no
request to anywhere.
"""

import json
from base64 import b64encode
from hashlib import sha256

from latchkey.frozen import Frozen
from latchkey.reports.register.document import Document

_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&"}


class PageParts(Frozen):
    """The page's sources: `html` with `{{…}}` where the others go."""

    html: str
    style: str
    script: str


def render(parts: PageParts, document: Document) -> str:
    """The whole page."""
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; "
        f"style-src '{_digest(parts.style)}'; script-src '{_digest(parts.script)}'; "
        "require-trusted-types-for 'script'"
    )
    filled = {
        "policy": policy,
        "style": parts.style,
        "script": parts.script,
        "data": data_block(document),
    }
    page = parts.html
    for name, text in filled.items():  # the data come last: nothing in them is a place to fill
        page = page.replace(f"{{{{{name}}}}}", text)
    return page


def data_block(document: Document) -> str:
    """JSON in ASCII without `<`, `>` and `&`: no tag, comment, entity or line separator in it."""
    return json.dumps(document, separators=(",", ":")).translate(_ESCAPES)


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
