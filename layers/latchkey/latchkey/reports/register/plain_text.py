"""Anybody's text as one line that shows what is in it, and is not longer than a page can bear."""

MOST = 400
"""Characters of a reason or a detail; a purpose may have more."""


def shown(text: object, most: int = MOST) -> str:
    """A text with spaces for line breaks, and a code such as `‹U+202E›` for what is not seen.

    Controls of the writing direction would turn round what stands beside them, and lone surrogates
    are no text at all.
    """
    line = "".join(map(_seen, str(text))).strip()
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _seen(character: str) -> str:
    if character.isprintable():
        return character
    code = f"‹U+{ord(character):04X}›"
    return " " if character.isspace() and character not in "\u2028\u2029" else code
