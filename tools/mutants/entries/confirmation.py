"""The safeguards of grants without a fixed end: nothing but a confirmation moves the end on."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import always, never, set_argument, set_return, set_variable

_PURE = ("tests/unit/test_confirmation.py",)
_ATTACKS = ("tests/integration/test_confirm_attacks.py",)
_WHOLE = ("tests/integration/test_confirm.py",)

CONFIRMATION = (
    Mutant(
        "a copy of the same confirms nothing",
        "confirmed_at",
        never("is_known"),
        tests=_PURE,
    ),
    Mutant(
        "blanks, order and defaults are no other content",
        "asks_the_same",
        set_return("known == given"),
        tests=_WHOLE,
    ),
    Mutant(
        "the order of lists is no other content",
        "_unordered",
        set_variable("parts", "tuple(_unordered(part) for part in value)"),
        tests=_PURE,
    ),
    Mutant(
        "what was there before a removal is not granted anew by it",
        "_anew",
        set_return("removed"),
        tests=_PURE,
    ),
    Mutant(
        "an order from before an incident is none after it",
        "refusal",
        never("instructed_at"),
        tests=_PURE,
    ),
    Mutant(
        "what an order finds wider is told as that",
        "_by_config",
        set_argument("replace", "confirms", "context.confirms"),
        tests=_ATTACKS,
    ),
    Mutant(
        "only the order is one",
        "PlanningContext.with_end",
        always("confirms"),
        tests=_WHOLE,
    ),
    Mutant(
        "what ended is not confirmed",
        "refusal",
        never("expires_at"),
        tests=_ATTACKS,
    ),
    Mutant(
        "what is suspended is not confirmed",
        "refusal",
        never("suspended"),
        tests=_ATTACKS,
    ),
    Mutant(
        "a fixed end is not confirmed",
        "refusal",
        never("confirm_every_days"),
        tests=_ATTACKS,
    ),
    Mutant(
        "guardrails say whether a grant may have no end",
        "_confirmed_too_rarely",
        never("most is None"),
        tests=_ATTACKS,
    ),
    Mutant(
        "who confirms hears when the grant ended instead",
        "latchkey_cli.orders.outcome:exit_status",
        never("confirm"),
        tests=("tests/cli/test_confirm.py",),
    ),
    Mutant(
        "one grant is confirmed at a time",
        "BulkAction._each_is_looked_at",
        never("action"),
        tests=_ATTACKS,
    ),
)
