"""The safeguards of orphans in other accounts: removed there, and nothing else comes of them."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import drop_item, drop_operand, never, set_variable

_TESTS = ("tests/integration/test_orphans_elsewhere.py",)

ORPHANS = (
    Mutant(
        "an orphan in another account is looked for there",
        "drift_runs:_found_in",
        never("orphan"),
        tests=_TESTS,
    ),
    Mutant(
        "accounts have runs of their own for orphans of one name",
        "drift_runs:_once",
        drop_item("_found_in"),
        tests=_TESTS,
    ),
    Mutant(
        "only the drift check says in which account an orphan is",
        "ActionRequest._who_looks_into_accounts",
        never("account"),
        tests=_TESTS,
    ),
    Mutant(
        "an account that is not listed gets no call for an orphan",
        "Loader._orphan_in",
        drop_operand("lists"),
        tests=_TESTS,
    ),
    Mutant(
        "an orphan elsewhere says nothing of a grant that is on record",
        "orphan:orphan_in",
        drop_operand("record"),
        tests=_TESTS,
    ),
    Mutant(
        "an orphan that cannot be looked at takes no name",
        "endings:failed",
        set_variable("orphan", "False"),
        tests=_TESTS,
    ),
    Mutant(
        "an orphan that is not removed takes no name",
        "failed_plan",
        drop_operand("orphan"),
        tests=_TESTS,
    ),
    Mutant(
        "an orphan whose run died takes no name",
        "interrupted",
        drop_operand("orphan"),
        tests=_TESTS,
    ),
)
