"""The safeguards of who asked, and of what belongs to whom: authors and scopes."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import drop_operand, never, replace_call, set_variable, swap_text
from tools.mutants.template import set_key

_AUTHOR = ("tests/unit/test_author.py",)
_AUTHORS = ("tests/integration/test_authors.py",)
_SENDERS = ("tests/unit/test_senders.py",)
_SCOPE = ("tests/unit/test_scopes.py",)
_SCOPES = ("tests/integration/test_scopes.py",)
_ATTACKED = ("tests/integration/test_scopes_attacked.py",)

ASKERS = (
    Mutant(
        "an author is noted once",
        "Authors.note",
        swap_text("attribute_not_exists(pk)", "attribute_not_exists(nothing)"),
        tests=_AUTHORS,
    ),
    Mutant(
        "who removes a version has not written it",
        "intake:_written",
        set_variable("made", "True"),
        tests=_AUTHOR,
    ),
    Mutant(
        "a version that stands for any content has no author",
        "intake:_written",
        swap_text("null", "none"),
        tests=_AUTHOR,
    ),
    Mutant(
        "a name that no session has is no session's",
        "Author.of_notification",
        drop_operand("_SESSION_NAME"),
        tests=_AUTHOR,
    ),
    Mutant(
        "nobody but the config bucket sends uploads",
        "template.yaml:ConfigQueuePolicy",
        set_key("Effect", "Allow", sid="NobodyElseSends"),
        tests=_SENDERS,
    ),
    Mutant(
        "nobody but the config bucket sends removals",
        "template.yaml:RemovalQueuePolicy",
        set_key("Effect", "Allow", sid="NobodyElseSends"),
        tests=_SENDERS,
    ),
    Mutant(
        "a key with .. is of no scope",
        "scope_rules:scope_of",
        drop_operand("any"),
        tests=_SCOPE,
    ),
    Mutant(
        "a scope's resources hold access to the account too",
        "scope_rules:_broken",
        never("resources"),
        tests=_SCOPE,
    ),
    Mutant(
        "what a scope used first stays its own",
        "claims:claim_write",
        swap_text("attribute_not_exists(scope_name) OR", "attribute_not_exists(nothing) OR"),
        tests=_SCOPES,
    ),
    Mutant(
        "a rejected file of another scope changes no state",
        "endings:rejected",
        drop_operand("stays_anothers"),
        tests=_SCOPES,
    ),
    Mutant(
        "a file too broken to be held to its scope changes no state",
        "stays_anothers",
        drop_operand("of_another_source"),
        tests=_ATTACKED,
    ),
    Mutant(
        "a file of another scope ends nothing",
        "decide:_by_config",
        never("of_another_source"),
        tests=_ATTACKED,
    ),
    Mutant(
        "a file of another scope suspends nothing where guardrails cannot be read",
        "Loader._for_role",
        drop_operand("of_another_source"),
        tests=_ATTACKED,
    ),
    Mutant(
        "what another scope has waits for nobody's approval",
        "ApprovalStep._awaited",
        set_variable("others", "()"),
        tests=_ATTACKED,
    ),
    Mutant(
        "what is another scope's by now waits no more",
        "endings:rejected",
        never("waits_in_vain"),
        tests=_ATTACKED,
    ),
    Mutant(
        "a version that asks for what is another's keeps no grant from ending",
        "Loader._for_role",
        set_variable("looks_again", "False"),
        tests=("tests/integration/test_claimed_elsewhere.py",),
    ),
    Mutant(
        "what a request says is quoted",
        "_within_quotes",
        replace_call("replace", "str(said)"),
        tests=("tests/integration/test_triggers.py",),
    ),
)
