"""Anybody's text as one line that shows what is in it, and is not longer than a page can bear."""

from latchkey.text import one_line

MOST = 400
"""Characters of a reason or a detail; a purpose may have more."""


def shown(text: object, most: int = MOST) -> str:
    """A text on one line, in which nothing acts or hides (`latchkey.text`)."""
    line = one_line(text).strip()
    return line if len(line) <= most else f"{line[: most - 1]}…"
