"""A grant in another account takes the calls of one here, and a session for each function."""

import pytest

from tests.kit.stack.spokes import SPOKES
from tools.bench.calls import OPERATIONS, WHY, Operation, counted, expected_elsewhere, made


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_operation_elsewhere_makes_the_calls_of_one_here_and_takes_its_sessions(
    operation: Operation,
) -> None:
    run = counted(operation, SPOKES[0])
    assert made(run) == expected_elsewhere(operation, run)
    assert {*run.calls, *run.notify_calls} <= WHY.keys()
