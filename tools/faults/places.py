"""Where the grants of a suite are: first in the stack's own account, then in another one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.kit.examples import ACCOUNT
from tests.kit.parts import turn
from tests.kit.stack.aws import aws
from tests.kit.stack.build import built_stack
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.spokes import SPOKES

SPOKE = SPOKES[0]


PLACES: dict[str, dict[str, Any]] = {
    "main": {},
    "second": {
        "account": SPOKE,
        "access": [{"service": "s3", "bucket": "there", "prefix": "in", "allow": "read-write"}],
    },
}
"""What the configs of the grants say that are spread over accounts."""


@contextmanager
def spread_stack() -> Iterator[StackDriver]:
    """A stack with another account in which it may grant, beside its own."""
    with built_stack(spokes=[SPOKE]) as stack:
        aws("s3", SPOKE).create_bucket(Bucket="there")
        yield stack


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
