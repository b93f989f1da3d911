"""A line of a summary: what happens, and whether it gives more access or less."""

import json
from collections.abc import Iterable
from typing import Literal

from latchkey.frozen import Frozen

Effect = Literal["widens", "changes", "ends", "narrows", "none"]
RISK: tuple[Effect, ...] = ("widens", "changes", "ends", "narrows", "none")
"""The order of lines, by risk."""

SUMMARY = 12_288
"""Bytes of JSON that all lines of a summary have at most."""

_LONGEST = 600


class Line(Frozen):
    """One thing that a plan does, in words, and what it does to the access of the partner.

    `widens`: the partner may do, or somebody may assume, what was not allowed before; also where
    it is unknown. `narrows`: less than before. `changes`: neither, but may matter elsewhere.
    `ends`: the role goes. `none`: no access is touched.
    """

    effect: Effect
    text: str


def by_risk(lines: Iterable[Line], most: int = SUMMARY) -> list[Line]:
    """Lines without repetitions, what widens first, of at most so many bytes.

    What is left out is counted in a last line, with the effect of the first that is missing.
    """
    shown = [Line(line.effect, shortened(line.text)) for line in lines]
    found = sorted(dict.fromkeys(shown), key=lambda line: RISK.index(line.effect))
    size, kept = 0, 0
    for line in found:
        size += len(json.dumps(line.document()))
        if size > most:
            break
        kept += 1
    if kept == len(found):
        return found
    more = f"and {len(found) - kept} more; the policy difference has them"
    return [*found[:kept], Line(found[kept].effect, more)]


def shortened(text: str, longest: int = _LONGEST) -> str:
    """A text cut to a length that people read."""
    return text if len(text) <= longest else f"{text[:longest]}…"
