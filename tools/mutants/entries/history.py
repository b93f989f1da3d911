"""What would make an answer about the past wrong: without any one of these a test fails."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import (
    Operator,
    always,
    drop_item,
    drop_operand,
    drop_statement,
    never,
    replace_call,
    reverse_items,
    set_argument,
    swap_comparison,
)

_UNIT = "tests/unit/test_history.py"
_NAMES = "tests/unit/test_resource_query.py"
_SNAPSHOT = "tests/unit/test_snapshot.py"
_MANY = "tests/integration/test_many_resources.py"
_MOTO = "tests/integration/test_access_history.py"


def _mutant(name: str, target: str, change: Operator, test: str) -> Mutant:
    return Mutant(f"history: {name}", target, change, tests=(test,))


HISTORY = (
    _mutant("expiry in the policies", "_pieces", replace_call("min", "end"), _UNIT),
    _mutant("start in the policies", "_pieces", replace_call("max", "at"), _UNIT),
    _mutant("the end is not part of it", "Period.overlaps", swap_comparison("<", "<="), _MOTO),
    _mutant("the beginning is part of it", "Period.overlaps", swap_comparison("<=", "<"), _MOTO),
    _mutant("what held before a failed run", "_given_from", drop_statement("setdefault"), _UNIT),
    _mutant("principals of both after a failed run", "_given_from", drop_item("kept"), _UNIT),
    _mutant("one period over a renewal", "periods", never("until"), _UNIT),
    _mutant("a gap between two periods", "periods", drop_operand("until"), _UNIT),
    _mutant(
        "a failed run is not certain",
        "snapshot_after",
        set_argument("AccessSnapshot", "certain", "True"),
        _SNAPSHOT,
    ),
    _mutant(
        "rejected versions change nothing", "snapshot:_touched", drop_item("rejected"), _SNAPSHOT
    ),
    _mutant("the time of reading back", "_in_force", never("read_at"), _SNAPSHOT),
    _mutant("only what is allowed", "snapshot:allowed_by", always("effect"), _SNAPSHOT),
    _mutant("another account's resource", "ResourceQuery.concerns", drop_operand("any"), _NAMES),
    _mutant(
        "a folder of the name that is asked for",
        "Service.reach",
        drop_item("whole", "below"),
        _NAMES,
    ),
    _mutant(
        "where to look is written before the transaction",
        "GrantTable._write",
        reverse_items("batched"),
        _MANY,
    ),
    _mutant(
        "more resources than a transaction takes",
        "GrantTable._write",
        drop_item("batched"),
        _MANY,
    ),
)
