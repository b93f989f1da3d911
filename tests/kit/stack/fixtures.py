"""The stack as a fixture, for the folders of tests that want it."""

from collections.abc import Iterator

import pytest

from tests.kit.stack.build import built_stack
from tests.kit.stack.chains import broken_chains
from tests.kit.stack.driver import StackDriver


@pytest.fixture
def stack() -> Iterator[StackDriver]:
    """What the stack has, empty, on moto; whatever a test does, histories stay whole.

    A test that writes to a history itself says so (`stack.rewritten`).
    """
    with built_stack() as stack:
        yield stack
        assert stack.rewritten or not broken_chains(stack.items())
