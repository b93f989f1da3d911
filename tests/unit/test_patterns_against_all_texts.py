"""Patterns against an oracle: all texts of a small alphabet, tried one by one."""

import re
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from latchkey.iam.patterns import covers, overlaps

_LETTERS = "ab:z"
"""`z` stands in no pattern, as most letters do."""

_TEXTS = ["".join(letters) for size in range(7) for letters in product(_LETTERS, repeat=size)]
_PATTERNS = st.text("ab:*?", max_size=5)


def _matched(pattern: str) -> set[str]:
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    compiled = re.compile("".join(parts), re.DOTALL)
    return {text for text in _TEXTS if compiled.fullmatch(text)}


@given(_PATTERNS, _PATTERNS)
@example("*a", "a*")
@example("a*b?", "?*b*")
@example("ab*", "*?:")
def test_patterns_overlap_exactly_where_a_text_matches_both(one: str, other: str) -> None:
    # Two patterns that share a text share one no longer than all their characters; five and five
    # with a letter in common have one of six at most, unless both are fixed at nine or ten.
    both = _matched(one) & _matched(other)
    fixed = len(one.replace("*", "")) + len(other.replace("*", ""))
    if both or fixed <= 6:
        assert overlaps(one, other) is bool(both)
    assert overlaps(one, other) is overlaps(other, one)


@given(_PATTERNS, _PATTERNS)
@example("?*", "*?")
@example("??*", "a*a")
@example("*a*", "a*")
@example("*?*?", "?**?")
def test_pattern_covers_exactly_where_all_texts_of_the_other_match(
    pattern: str, target: str
) -> None:
    # A text of the target that the pattern does not match is, if there is one, a short one.
    assert covers(pattern, target) is (_matched(target) <= _matched(pattern))


@pytest.mark.parametrize("pattern", ["*a" + "?" * 40, "*a" * 60, "a*" * 60 + "b"])
def test_hostile_patterns_are_answered_in_time(pattern: str) -> None:
    assert not covers(pattern, "b" * 200 + "*" + "c" * 20)
    assert overlaps(pattern, "*" + "?*" * 60)
