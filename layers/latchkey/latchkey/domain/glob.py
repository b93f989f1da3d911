"""Patterns of ARNs (`*` for any text, `?` for any one character) held against each other."""

import re
from functools import cache


def covers(pattern: str, target: str) -> bool:
    """Whether a pattern matches all that a target stands for (a target may end in `*`)."""
    return bool(_compiled(pattern, any_one=r"[^*]").fullmatch(target))


def overlaps(target: str, pattern: str) -> bool:
    """Whether a pattern matches anything that a target stands for (a target may end in `*`).

    What follows the target's prefix is free, so a beginning of the pattern has to match the prefix.
    """
    if not target.endswith("*"):
        return bool(_compiled(pattern, any_one=".").fullmatch(target))
    prefix = target[:-1]
    return any(
        _compiled(pattern[:length], any_one=".").fullmatch(prefix)
        for length in range(len(pattern) + 1)
    )


@cache
def _compiled(pattern: str, *, any_one: str) -> re.Pattern[str]:
    parts = (".*" if c == "*" else any_one if c == "?" else re.escape(c) for c in pattern)
    return re.compile("".join(parts), re.DOTALL)
