"""The safeguards of ends: access goes whatever is in the way."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import drop_operand, never, set_variable

_TAKING_AWAY = ("tests/integration/test_taking_away.py",)
_REFUSED = ("tests/integration/test_refused_versions.py",)
_UNREADABLE = ("tests/integration/test_unreadable.py",)

ENDS = (
    Mutant(
        "orders that take away read no file",
        "ConfigLoader._of_order",
        never("takes_away"),
        tests=_TAKING_AWAY,
    ),
    Mutant(
        "suspending by file needs no guardrails",
        "decide:_provided",
        never("closes"),
        tests=_TAKING_AWAY,
    ),
    Mutant(
        "guardrails are tolerant only of what was granted",
        "PlanningContext.tolerant",
        drop_operand("newer"),
        tests=_REFUSED,
    ),
    Mutant(
        "an upload from before an order does not end it",
        "decide:_instruction",
        set_variable("overtaken", "None"),
        tests=_TAKING_AWAY,
    ),
    Mutant(
        "a fault that may pass is tried again",
        "ConfigBucket.newest",
        never("last"),
        tests=_UNREADABLE,
    ),
)
