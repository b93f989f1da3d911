"""The safeguards of histories: chained, found, and not ending by themselves."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import never, set_item, set_return, set_variable, swap_constant
from tools.mutants.template import set_key

_CHAIN = ("tests/unit/test_history_chain.py",)
_RECORDER = ("tests/integration/test_history_chain.py",)
_STAY = ("tests/contract/test_histories_stay.py",)

CHAINS = (
    Mutant(
        "an entry carries the digest of the one before",
        "chain:chained",
        set_variable("place", '{"since": since}'),
        tests=_CHAIN,
    ),
    Mutant(
        "a digest is of the whole item",
        "chain:digest",
        set_variable("text", 'json.dumps(_canonical({"sk": item["sk"]}))'),
        tests=_CHAIN,
    ),
    Mutant(
        "the head of a chain is written over what was read and nothing else",
        "_head_write",
        swap_constant("attribute_not_exists(last_digest)", "attribute_not_exists(nothing)"),
        tests=_RECORDER,
    ),
    Mutant(
        "a state that was changed shows",
        "chain_writes",
        set_variable("expected", "head.state_digest"),
        tests=_RECORDER,
    ),
    Mutant(
        "a retry finds its own entry at the head",
        "chain:written_already",
        set_return("False"),
        tests=_RECORDER,
    ),
    Mutant(
        "a head that another run moved is read again",
        "_only_the_chain",
        set_return("False"),
        tests=_RECORDER,
    ),
    Mutant(
        "a tail that is cut shows",
        "chain_check:_head",
        never("last_digest"),
        tests=_CHAIN,
    ),
    Mutant(
        "an entry that nobody wrote shows",
        "chain_check:_added",
        set_variable("known", "{*chain}"),
        tests=_CHAIN,
    ),
    Mutant(
        "doctor finds every chain by the index",
        "_head_write",
        set_item("live", '"nowhere"'),
        tests=("tests/cli/test_broken_history.py",),
    ),
    Mutant(
        "nobody who writes histories lets one end by itself",
        "template.yaml:PlanGrantRole",
        set_key("dynamodb:Attributes", "nothing", sid="ClaimAndBind"),
        tests=_STAY,
    ),
)
