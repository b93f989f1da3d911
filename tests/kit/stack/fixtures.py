"""The stack as a fixture, for the folders of tests that want it."""

from collections.abc import Iterator

import pytest

from tests.kit.stack.build import built_stack
from tests.kit.stack.driver import StackDriver


@pytest.fixture
def stack() -> Iterator[StackDriver]:
    """What the stack has, empty, on moto."""
    with built_stack() as stack:
        yield stack
