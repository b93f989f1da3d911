"""Patterns of ARNs (`*` for any text, `?` for any one character) held against each other."""

import re
from functools import cache

_WILDCARDS = {"*", "?"}


def covers(pattern: str, target: str) -> bool:
    """Whether a pattern matches all that a target stands for (a target may end in `*`)."""
    return bool(_compiled(pattern, any_one=r"[^*]").fullmatch(target))


def overlaps(target: str, pattern: str) -> bool:
    """Whether a pattern matches anything that a target stands for (a target may end in `*`).

    What follows the target's prefix is free, so a beginning of the pattern has to match the prefix.
    """
    if not _WILDCARDS & set(pattern[:-1]) and not pattern.endswith("?"):
        return _plainly_overlaps(target, pattern)
    if not target.endswith("*"):
        return bool(_compiled(pattern, any_one=".").fullmatch(target))
    prefix = target[:-1]
    return any(
        _compiled(pattern[:length], any_one=".").fullmatch(prefix)
        for length in range(len(pattern) + 1)
    )


def _plainly_overlaps(target: str, pattern: str) -> bool:
    """The same where both have at most a `*` at the end, which most have: no pattern to compile."""
    begin, fixed = pattern.removesuffix("*"), target.removesuffix("*")
    match target.endswith("*"), pattern.endswith("*"):
        case True, True:
            return begin.startswith(fixed) or fixed.startswith(begin)
        case True, False:
            return begin.startswith(fixed)
        case False, True:
            return fixed.startswith(begin)
        case _:
            return fixed == begin


@cache
def _compiled(pattern: str, *, any_one: str) -> re.Pattern[str]:
    parts = (".*" if c == "*" else any_one if c == "?" else re.escape(c) for c in pattern)
    return re.compile("".join(parts), re.DOTALL)
