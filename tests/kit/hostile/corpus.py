"""All hostile configs."""

from collections.abc import Iterator

from tests.kit.hostile import accounts, arns, bodies, fields, identities, legal, names, times
from tests.kit.hostile.case import Hostile


def corpus() -> Iterator[Hostile]:
    """Every case, each under a name of its own."""
    for module in (bodies, fields, times, arns, identities, names, accounts, legal):
        yield from module.cases()
