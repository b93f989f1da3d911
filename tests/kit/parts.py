"""Large kinds of cases run in parts: each run of CI takes one, and so many runs take them all.

`PART` is a number that grows with each run; without it everything runs. Whoever lists many cases
of one kind (parameters of a long test, faults at each call) takes those of the part at hand.
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import pytest

PART = os.environ.get("PART", "")
PARTS = 3
"""Of a long test with many parameters."""

MANY = 8
"""A test with no more parameters than these runs whole."""


def turn() -> int:
    """The number of this run; the same one each time where nothing says which."""
    return int(PART or 0)


def of_part[Case](cases: Sequence[Case], parts: int, number: int) -> list[Case]:
    """Every `parts`-th case, from another one on for each number; one at least, if there is any.

    For any `parts` numbers in a row these are all cases; from one number to the next they differ.
    """
    if len(cases) <= parts:
        return [cases[number % len(cases)]] if cases else []
    return list(cases[number % parts :: parts])


def in_this_part(items: Iterable[pytest.Item], number: int) -> list[pytest.Item]:
    """The tests without those cases of long tests with many parameters that have another turn.

    Tests in the sandbox run whole: their modules tell stories, and each of them is one of a kind.
    """
    items = list(items)
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    for item in items:
        if item.get_closest_marker("long") and not item.get_closest_marker("e2e"):
            kinds[kind_of(item)].append(item.nodeid)
    many = [cases for cases in kinds.values() if len(cases) > MANY]
    left_out = {c for cases in many for c in cases} - {
        c for cases in many for c in of_part(cases, PARTS, number)
    }
    return [item for item in items if item.nodeid not in left_out]


def kind_of(item: pytest.Item) -> str:
    """The test that an item is a case of."""
    return item.nodeid.partition("[")[0]


def leave_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave only the tests of this part; what is left out is counted as deselected."""
    if not PART:
        return
    kept = in_this_part(items, int(PART))
    chosen = {item.nodeid for item in kept}
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in chosen])
    items[:] = kept


def report(terminal: Any) -> None:
    """Say which part ran, and how to run it again, or everything."""
    if PART:
        terminal.write_line(
            f"part {PART}: of long tests with more than {MANY} cases every {PARTS}rd; "
            f"the same again: PART={PART}; everything: without PART"
        )
