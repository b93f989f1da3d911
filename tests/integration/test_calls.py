"""The calls of AWS of each operation, exactly: a call more is a change of this file."""

import json

import pytest

from tests.kit.repository import ROOT
from tools.bench.calls import OPERATIONS, WHY, Operation, counted, made, over

CALLS = json.loads((ROOT / "tools/bench/calls.json").read_text())


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_operation_makes_exactly_these_calls_and_none_without_a_reason(
    operation: Operation,
) -> None:
    run = counted(operation)
    assert made(run) == CALLS[operation.name]
    assert list(over(operation, run)) == []
    assert {*run.calls, *run.notify_calls} <= WHY.keys()


def test_no_operation_is_counted_that_is_not_there() -> None:
    assert CALLS.keys() == {operation.name for operation in OPERATIONS}
