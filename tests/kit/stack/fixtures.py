"""The stack as a fixture, for the folders of tests that want it."""

from collections.abc import Iterator

import pytest

from tests.kit.stack.build import built_house
from tests.kit.stack.driver import House


@pytest.fixture
def house() -> Iterator[House]:
    """What the stack has, empty, on moto."""
    with built_house() as house:
        yield house
