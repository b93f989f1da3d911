"""Whatever the order of events: nobody gets what was not approved, and what waits is not lost."""

from collections.abc import Sequence
from itertools import permutations, product
from random import Random

import pytest

from tests.integration.approval_faults import FAULTS
from tests.integration.approval_orders import Orders
from tests.integration.approval_states import ASKS, RULES
from tests.kit.examples import ACCOUNT
from tests.kit.parts import in_turn
from tests.kit.stack.build import built_stack
from tests.kit.stack.spokes import SPOKES

PARTS = 20
"""Into so many the orders are cut: each run of CI tries those of one."""

AT_ONCE = 4
"""Tests of each kind, so that several can run side by side."""

SEEDS = 240
LENGTH = 9

PAIRED = (
    "upload wider",
    "upload narrower",
    "upload suspended",
    "upload open ended",
    "upload named wider",
    "remove",
    "approve ada",
    "reject ben",
    "order suspend",
    "order resume",
    "order resume late",
    "order revoke",
    "order confirm",
    "deliver",
    "hand",
    "key first",
    "key second",
    "key none",
    "inline same",
    "inline narrower",
    "rival same",
    "rival wider",
    "rival gone",
    "taken",
    "freed",
    "passes 10",
    "rules unreadable",
    "rules other bucket",
    "rules denied",
    "rules left",
    "rules none",
)
"""Of these, every two in any order while something waits, before a late run."""

CORE = (
    "upload both",
    "upload suspended",
    "order suspend",
    "order resume",
    "approve ada",
    "reject ben",
    "check drift",
    "key first",
    "inline same",
)
"""Of these, every three in any order while something waits that nobody has read."""

CHANGING = ("run", "key first", "key second", "key none", "reject ben", "approve ada", "rules none")
"""Of these, every three after each other while a version waits, and the next is to come."""

RENAMING = (
    *("rival same", "rival wider", "rival gone", "rival suspended", "remove"),
    *("run", "deliver", "deliver last first", "approve ada", "reject ben", "passes 10"),
    *("upload wider", "upload same", "order suspend", "order resume", "order revoke"),
    *("check drift", "rules none", "rules one"),
)
"""Of these, eight that are drawn, around a file that another takes the place of."""

FAULTY = [f"{what} {fault}" for what in ("run", "check") for fault in FAULTS]
FAULTY += [f"order {what} {fault}" for what in ("suspend", "resume") for fault in FAULTS]
OFTEN: tuple[str, ...] = (
    "upload both",
    "upload partners",
    "upload wider",
    "upload narrower",
    "upload soon",
)
OFTEN += ("run", "deliver", "deliver last first", "approve ada", "approve ben", "approve sso")
ANY = [
    *(f"upload {name}" for name in ASKS),
    *(f"rules {name}" for name in RULES),
    *PAIRED,
    *OFTEN * 3,
    *("order suspend", "order suspend late", "order resume", "withdraw", "passes 60") * 2,
    *("upload wider by ada", "check drift", "check schedule", "check order") * 2,
    *("order confirm late", "inline wider", "upload open ended wider", "key first") * 2,
    *FAULTY,
]
BEGINNINGS = ("same", "open ended", "named")


def goes(events: Sequence[str], *, first: str | None = "same", account: str = ACCOUNT) -> None:
    """Let events happen to a grant, and see whether all holds at each, and at the end."""
    with built_stack(account=account) as stack:
        orders = Orders(stack)
        if first:
            orders.granted(first)
        for event in events:
            orders.happens(event)
        orders.ends_well()


def _some[Case](cases: Sequence[Case], number: int) -> list[Case]:
    """Of the cases of this part, those of one of several tests."""
    return in_turn(cases, PARTS)[number::AT_ONCE]


at_once = pytest.mark.parametrize("number", range(AT_ONCE))


@at_once
def test_every_two_events_while_something_waits(number: int) -> None:
    for pair in _some([*product(PAIRED, PAIRED)], number):
        goes(["upload both", "run", *pair, "check drift", "run"])


@at_once
def test_every_three_events_around_a_version_that_nobody_has_read(number: int) -> None:
    for events in _some([*permutations(CORE, 3)], number):
        goes(["rules one", "upload both", *events, "check drift", "run"])


@at_once
def test_every_three_changes_around_a_grant_that_is_not_there_yet(number: int) -> None:
    for events in _some([*product(CHANGING, repeat=3)], number):
        goes(["upload wider", "run", *events, "run", "check drift"], first=None)


@at_once
def test_any_order(number: int) -> None:
    for seed in _some(range(SEEDS), number):
        any_order(seed)


@at_once
def test_any_order_around_a_file_that_is_renamed(number: int) -> None:
    for seed in _some(range(SEEDS), number):
        renamed(seed)


def renamed(seed: int) -> None:
    """An order that is drawn, with another file for the same grant."""
    drawn = Random(seed)  # noqa: S311 (not a secret)
    goes(drawn.choices(RENAMING, k=8), first=drawn.choice([None, "same"]))


def any_order(seed: int) -> None:
    """An order that is drawn."""
    drawn = Random(seed)  # noqa: S311 (not a secret)
    events = drawn.choices(ANY, k=LENGTH)
    first = drawn.choice(BEGINNINGS) if drawn.random() < 0.8 else None
    goes(events, first=first, account=SPOKES[0] if drawn.random() < 0.1 else ACCOUNT)
