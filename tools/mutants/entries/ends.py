"""The safeguards of ends: access goes whatever is in the way."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import (
    always,
    drop_operand,
    never,
    replace_call,
    set_variable,
    swap_text,
)

_TAKING_AWAY = ("tests/integration/test_taking_away.py",)
_REFUSED = ("tests/integration/test_refused_versions.py",)
_INTERRUPTED = ("tests/integration/test_interrupted.py",)
_SWEEP = ("tests/integration/test_sweep_order.py",)
_UNREADABLE = ("tests/integration/test_unreadable.py",)
_REFUSALS = ("tests/unit/test_policy_refusals.py",)

ENDS = (
    Mutant(
        "what was written before a suspension that failed is not taken for somebody's",
        "workflow.plan.diff:_closing",
        set_variable("known", "()"),
        tests=("tests/integration/test_failed_then_mended.py",),
    ),
    Mutant(
        "a version that asks for another role keeps nobody from ending the one that is there",
        "load:_unfit",
        never("fixed_problems"),
        tests=("tests/integration/test_role_name.py",),
    ),
    Mutant(
        "a file that revokes asks for no role",
        "decide:fixed_problems",
        never("revoked"),
        tests=("tests/integration/test_role_name.py",),
    ),
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
        "ConfigBucket.look",
        never("last"),
        tests=_UNREADABLE,
    ),
    Mutant(
        "what was begun counts like a record",
        "record_with",
        never("found"),
        tests=_INTERRUPTED,
    ),
    Mutant(
        "whoever finds what was begun puts it on record",
        "endings:_absorbing",
        always("unrecorded"),
        tests=_INTERRUPTED,
    ),
    Mutant(
        "a lease is given back without its intent log",
        "Leases.release",
        swap_text(" AND attribute_not_exists(live)", ""),
        tests=_INTERRUPTED,
    ),
    Mutant(
        "no other service is asked about what only denies",
        "PolicyValidator._before",
        never("only_denies"),
        tests=_REFUSALS,
    ),
    Mutant(
        "a repair is not refused for what somebody else wrote",
        "PolicyValidator.before",
        drop_operand("repairs"),
        tests=_REFUSALS,
    ),
    Mutant(
        "a role that is changed while it is suspended is closed as it is",
        "apply:_repairing",
        never("plan.closes"),
        tests=_TAKING_AWAY,
    ),
    Mutant(
        "what was tried goes behind what was not",
        "sweep:_in_turn",
        replace_call("get", "0"),
        tests=_SWEEP,
    ),
)
