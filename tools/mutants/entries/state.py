"""The safeguards of what a run's steps hand to each other, and of what it claims in the table."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import never, replace_call, set_return, set_variable

_EXTERNAL_IDS = ("tests/integration/test_external_ids.py",)
_STATE_SIZE = ("tests/unit/test_recorded.py", "tests/integration/test_state_size.py")

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
    Mutant(
        "every external ID is claimed",
        "_newly_claimed",
        set_variable("new", "state.external_ids[:1]"),
        tests=_EXTERNAL_IDS,
    ),
    Mutant(
        "external IDs that left the list are given back",
        "released_by",
        set_return("()"),
        tests=_EXTERNAL_IDS,
    ),
)
