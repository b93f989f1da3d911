"""A house on moto for each test."""

from collections.abc import Iterator

import pytest

from tests.integration.building import built_house
from tests.integration.house import House


@pytest.fixture
def house() -> Iterator[House]:
    """What the stack has, empty, on moto."""
    with built_house() as house:
        yield house
