"""Whatever the order of events: nobody gets what was not approved, and what waits is not lost."""

from collections.abc import Sequence
from itertools import permutations
from random import Random

import pytest

from tests.integration.approval_oracle import ASKS, RULES
from tests.integration.approval_orders import FAULTS, Orders
from tests.kit.parts import in_turn
from tests.kit.stack.build import built_stack

SEEDS = 60
LENGTH = 9

PAIRED = (
    "upload wider",
    "upload narrower",
    "upload suspended",
    "remove",
    "approve ada",
    "reject ben",
    "order suspend",
    "order resume",
    "order resume late",
    "order revoke",
    "deliver",
    "hand",
    "rules unreadable",
    "rules other bucket",
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
)
"""Of these, every three in any order while something waits that nobody has read."""

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
    *FAULTY,
]


def goes(events: Sequence[str], *, granted: bool = True) -> None:
    """Let events happen to a grant, and see whether all holds at each, and at the end."""
    with built_stack() as stack:
        orders = Orders(stack)
        if granted:
            orders.granted()
        for event in events:
            orders.happens(event)
        orders.ends_well()


@pytest.mark.parametrize("first", PAIRED)
def test_every_two_events_while_something_waits(first: str) -> None:
    for second in PAIRED:
        goes(["upload both", "run", first, second, "check drift", "run"])


@pytest.mark.parametrize("first", CORE)
def test_every_three_events_around_a_version_that_nobody_has_read(first: str) -> None:
    for rest in in_turn([*permutations([one for one in CORE if one != first], 2)]):
        goes(["rules one", "upload both", first, *rest, "check drift", "run"])


@pytest.mark.parametrize("seed", range(SEEDS))
def test_any_order(seed: int) -> None:
    drawn = Random(seed)  # noqa: S311 (not a secret)
    goes(drawn.choices(ANY, k=LENGTH), granted=drawn.random() < 0.8)
