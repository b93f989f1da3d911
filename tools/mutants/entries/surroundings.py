"""The safeguards of what stands around a grant: looked at every day, and opened no further."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import always, never

_ROUND = ("tests/unit/test_daily_round.py",)
_KEYS = ("tests/unit/test_key_policy.py",)
_EVENTS = ("tests/integration/test_resource_events.py",)

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
)
