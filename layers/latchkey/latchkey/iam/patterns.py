"""Patterns of ARNs (`*` for any text, `?` for any one character) held against each other.

Two questions are answered exactly, for patterns with wildcards anywhere: whether some text matches
both (`overlaps`), and whether all that matches one matches the other (`covers`). Of whole ARNs they
are asked field by field, as IAM does: no wildcard reaches over one of the first five colons.

Source: IAM user guide, "IAM JSON policy elements: Resource", "Using wildcards in resource ARNs".
"""

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import lru_cache

_MOST_STATES = 5_000
"""How far `covers` follows a pattern, before it answers that it is not sure."""

_REGION = re.compile(r"[a-z0-9*?-]*", re.ASCII)
_ACCOUNT = re.compile(r"[0-9*?]*|aws", re.ASCII)
_States = frozenset[int]


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern matches a text; only `*` and `?` are special."""
    return fnmatchcase(text, pattern.replace("[", "[[]"))


@lru_cache(maxsize=4_096)
def overlaps(one: str, other: str) -> bool:
    """Whether there is a text that both patterns match."""
    if not _is_pattern(one):
        return matches(other, one)
    if not _is_pattern(other):
        return matches(one, other)
    if not _same_where_fixed(one, other):
        return False
    reached = {0}
    for char in one:
        reached = set(_after(char, reached, other))
        if not reached:
            return False
    return len(other) in _at(reached, other)


@lru_cache(maxsize=4_096)
def covers(pattern: str, target: str) -> bool:
    """Whether a pattern matches every text that a target matches.

    The target's texts are followed letter by letter, each with all places where the pattern can
    then be; a letter that stands in neither pattern is as good as any other such letter.
    """
    if not _is_pattern(target):
        return matches(pattern, target)
    if not matches(pattern, target.replace("*", "").replace("?", "\0")):
        return False
    letters = [*sorted(set(pattern) - {"*", "?"}), "\0"]
    start = _at({0}, pattern)
    seen, waiting = {(0, start)}, [(0, start)]
    while waiting:
        place, states = waiting.pop()
        if len(seen) > _MOST_STATES:
            return False
        if place == len(target):
            if len(pattern) not in states:
                return False
            continue
        char = target[place]
        steps = {(place + 1, states)} if char == "*" else set()
        following = place if char == "*" else place + 1
        for letter in letters if char in "*?" else (char,):
            steps.add((following, _step(letter, states, pattern)))
        if any(not after for _, after in steps):
            return False
        waiting.extend(steps - seen)
        seen |= steps
    return True


def arn_overlaps(one: str, other: str) -> bool:
    """Whether there is an ARN that both patterns match."""
    mine, theirs = _fields(one), _fields(other)
    if mine and theirs:
        return all(map(overlaps, mine, theirs))
    return overlaps(one, other)


def arn_covers(pattern: str, target: str) -> bool:
    """Whether a pattern matches every ARN that a target matches."""
    mine, theirs = _fields(pattern), _fields(target)
    if mine and theirs:
        return all(map(covers, mine, theirs))
    return covers(pattern, target)


def _fields(pattern: str) -> list[str] | None:
    """The six fields of an ARN; None where a wildcard stands for several, which is then any text.

    `arn:aws:lambda:*:function:f` has six parts, too, but its fifth can be no account.
    """
    parts = pattern.split(":", 5)
    whole = len(parts) == 6 and _REGION.fullmatch(parts[3]) and _ACCOUNT.fullmatch(parts[4])
    return parts if whole else None


def _is_pattern(text: str) -> bool:
    return "*" in text or "?" in text


def _same_where_fixed(one: str, other: str) -> bool:
    """Whether what stands before the first wildcards agrees, as it must; most differ there."""
    for mine, theirs in zip(one, other, strict=False):
        if mine in "*?" or theirs in "*?":
            return True
        if mine != theirs:
            return False
    return True


def _after(char: str, reached: Iterable[int], other: str) -> Iterable[int]:
    """Where the other pattern can be, once one has matched what a character of it stands for."""
    if char == "*":  # any text: from each place, all that follow
        yield from range(min(reached), len(other) + 1)
        return
    for place in _at(reached, other):
        if place == len(other):
            continue
        if other[place] == "*":
            yield place
        elif other[place] == "?" or char in ("?", other[place]):
            yield place + 1


def _at(places: Iterable[int], pattern: str) -> _States:
    """The places, and those behind a `*` there, which may stand for no text."""
    found: set[int] = set()
    for place in places:
        behind = place
        while pattern[behind : behind + 1] == "*":
            behind += 1
        found.update(range(place, behind + 1))
    return frozenset(found)


def _step(letter: str, states: _States, pattern: str) -> _States:
    """Where the pattern can be after one more letter."""
    after = set()
    for place in states:
        if place < len(pattern):
            if pattern[place] == "*":
                after.add(place)
            elif pattern[place] in ("?", letter):
                after.add(place + 1)
    return _at(after, pattern)
