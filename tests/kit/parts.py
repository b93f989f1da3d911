"""Large kinds of cases run in parts: each run of CI takes one, and so many runs take them all.

`PART` is a number that grows with each run; without it everything runs. Whoever lists many cases
of one kind (parameters of a long test, faults at each call) takes those of the part at hand.
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any

import pytest

PART = os.environ.get("PART", "")
PARTS = 5
"""Of a long test with many parameters."""

MANY = 8
"""A test with no more parameters than these runs whole."""

TURNS = (
    (
        "test_cli_docs",
        "test_demo",
        "test_overtaking",
        "test_register",
        "test_waiting_callers",
    ),
    (
        "test_cli",
        "test_getting_started",
        "test_handoff",
        "test_optional_parts",
        "test_services",
        "test_session",
    ),
    (
        "test_notices",
        "test_pull_requests",
        "test_readme",
        "test_runbook",
        "test_teardown",
        "test_two_stacks",
    ),
)
"""Modules in the sandbox that take turns, each of them whole: about as costly in each turn.

All others run each time: what the journal looks back at, and what keeps access from outliving its
end, from reaching too far, or from being given by whoever may not.
"""

BY_CASE = ("test_vendor_roles",)
"""Modules in the sandbox of which a part runs each time, as of long tests elsewhere."""


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


def in_turn[Case](cases: Sequence[Case], parts: int = PARTS) -> list[Case]:
    """Of what one test tries, one place after another: those of this part, or all."""
    return of_part(cases, parts, int(PART)) if PART else list(cases)


def numbers_in_turn() -> Iterator[int]:
    """The same of all numbers from 0, where nobody knows beforehand how many places there are."""
    return count(int(PART) % PARTS, PARTS) if PART else count()


def in_this_part(items: Iterable[pytest.Item], number: int) -> list[pytest.Item]:
    """The tests without those that have another turn.

    These are cases of long tests with many parameters and, in the sandbox, modules: they tell
    stories, of which no sentence can be left out.
    """
    items = list(items)
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    others = {name for turn in (1, 2) for name in TURNS[(number + turn) % len(TURNS)]}
    resting = {item.nodeid for item in items if in_sandbox(item) and _module(item) in others}
    for item in items:
        if item.get_closest_marker("long") and (not in_sandbox(item) or _module(item) in BY_CASE):
            kinds[kind_of(item)].append(item.nodeid)
    many = [cases for cases in kinds.values() if len(cases) > MANY]
    left_out = {c for cases in many for c in cases} - {
        c for cases in many for c in of_part(cases, PARTS, number)
    }
    return [item for item in items if item.nodeid not in left_out | resting]


def in_sandbox(item: pytest.Item) -> bool:
    """Whether a test runs in the sandbox."""
    return item.get_closest_marker("e2e") is not None


def _module(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0].rpartition("/")[2].removesuffix(".py")


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
            f"part {PART}: of long tests with more than {MANY} cases every {PARTS}th, "
            f"of modules in the sandbox turn {int(PART) % len(TURNS)}; "
            f"the same again: PART={PART}; everything: without PART"
        )
