"""Where the grants of a suite are: first in the stack's own account, then in another one."""

from dataclasses import dataclass

from tests.kit.examples import ACCOUNT
from tests.kit.parts import turn
from tests.kit.stack.spokes import SPOKES

SPOKE = SPOKES[0]


@dataclass(frozen=True)
class Place:
    """A case's number among those of its account; `part` is which one the short form takes."""

    number: int
    account: str
    part: int


def places(count: int, *, short: bool) -> list[int]:
    """So many numbers for each account; the short form takes one of the other account in turn."""
    elsewhere = [count + turn() % count] if short else range(count, 2 * count)
    return [*range(count), *elsewhere]


def place(index: int, count: int) -> Place:
    """What a number of `places` stands for."""
    if index < count:
        return Place(index, ACCOUNT, index + turn())
    return Place(index - count, SPOKE, turn() // count)


def named(account: str) -> str:
    """What a case's name says of its account."""
    return "" if account == ACCOUNT else " in another account"
