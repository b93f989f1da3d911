"""The safeguards of what a run's steps hand to each other: small, and as it was stored."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import never, replace_call

_STATE_SIZE = ("tests/integration/test_state_size.py",)

STATE = (
    Mutant(
        "a step acts on the plan that the state refers to, and on no other",
        "run_documents:_read",
        never("digest"),
        tests=_STATE_SIZE,
    ),
    Mutant(
        "texts in the state are cut",
        "run_data:recorded",
        replace_call("brief", "result.reason"),
        tests=_STATE_SIZE,
    ),
    Mutant(
        "lists in the state are cut",
        "run_data:_first",
        never("sizes"),
        tests=_STATE_SIZE,
    ),
    Mutant(
        "errors in the state are cut",
        "observability:_in_brief",
        replace_call("brief", "str(error)"),
        tests=_STATE_SIZE,
    ),
)
