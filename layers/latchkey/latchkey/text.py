"""Text from outside, made harmless: no character in it acts, and none hides.

Every edge of a medium (`reports/text/`, the command line's terminal) begins with these rules, so
that what acts in none of them is decided in one place.
"""

import json
import re
from typing import Any

_IGNORABLE = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef"
)
"""What is printable by its category, and shows nothing: the rest of `Default_Ignorable_Code_Point`
(Unicode, DerivedCoreProperties.txt), and the empty pattern of Braille."""

_UNSEEN = re.compile(f"[{_IGNORABLE}]")
_PLAIN = re.compile(r"[ -~]*")
_PLAIN_LINES = re.compile(r"[ -~\n]*")
_BREAKS = "\u2028\u2029"
_CODE = "‹U+{:04X}›"


def unseen(character: str) -> bool:
    """Whether a character acts or hides instead of being seen; a space is neither.

    These are controls and escapes (Cc), direction and other formats (Cf), line and paragraph
    separators, spaces of other widths, surrogates, private and unassigned characters (Python,
    `str.isprintable`), and those that show nothing.
    """
    return not character.isprintable() or bool(_UNSEEN.match(character))


def one_line(text: object, most: int | None = None) -> str:
    """A text as one line in which all is seen: spaces for line breaks, `‹U+202E›` for what hides.

    `most` is the most characters of it that are shown.
    """
    found = str(text)
    line = found if _PLAIN.fullmatch(found) else "".join(map(_seen, found))
    return line if most is None or len(line) <= most else f"{line[: most - 1]}…"


def lines(text: object) -> list[str]:
    """The lines of a text of several, each as `one_line`: only LF and CR LF end one."""
    return [one_line(line.removesuffix("\r")) for line in str(text).split("\n")]


def shows(text: str) -> bool:
    """Whether there is anything to see in a text."""
    return any(not (character.isspace() or unseen(character)) for character in text)


def json_text(document: Any, **options: Any) -> str:
    r"""JSON in which every character is seen: what hides in a string is escaped, as `\u202e`.

    The data are the same; `options` are those of `json.dumps`.
    """
    text = json.dumps(document, ensure_ascii=False, **options)
    if _PLAIN_LINES.fullmatch(text):
        return text
    return "".join(c if c == "\n" or not unseen(c) else json.dumps(c)[1:-1] for c in text)


def _seen(character: str) -> str:
    if not unseen(character):
        return character
    blank = character.isspace() and character not in _BREAKS
    return " " if blank else _CODE.format(ord(character))
