"""The safeguards of what stands around a grant: looked at every day, and opened no further."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import always, drop_operand, never, set_return

_ROUND = ("tests/unit/test_daily_round.py",)
_KEYS = ("tests/unit/test_key_policy.py",)
_EVENTS = ("tests/integration/test_resource_events.py",)
_TOLD = ("tests/integration/test_guardrails_told.py",)
_LOOSENED = ("tests/unit/test_loosening.py",)
_WEAKER = ("tests/unit/test_loosened_approval.py",)

AROUND = (
    Mutant(
        "every grant has its turn",
        "_turns",
        never("turn"),
        tests=_ROUND,
    ),
    Mutant(
        "an explicit Deny of a key goes before all",
        "key_policy:judged",
        never("number"),
        tests=_KEYS,
    ),
    Mutant(
        "what nobody knows opens no key",
        "_Caller._on_key",
        always("patterns"),
        tests=_KEYS,
    ),
    Mutant(
        "calls that failed are no changes",
        "ResourceCall.from_detail",
        never("errorCode"),
        tests=_EVENTS,
    ),
    Mutant(
        "approvers are told of changed guardrails",
        "GuardrailsWatch.read",
        never("version"),
        tests=_TOLD,
    ),
    Mutant(
        "a difference of guardrails that nobody knows is told",
        "GuardrailsWatch._events",
        drop_operand("unknown"),
        tests=_TOLD,
    ),
    Mutant(
        "guardrails between two checks are told",
        "GuardrailsWatch._since",
        set_return("[newest], False", "index"),
        tests=_TOLD,
    ),
    Mutant(
        "a rule for approval is kept by rules that always apply",
        "_always_applies",
        set_return("True"),
        tests=_WEAKER,
    ),
    Mutant(
        "longer lists of guardrails are told",
        "loosened_lists:beyond",
        never("more"),
        tests=_LOOSENED,
    ),
)
