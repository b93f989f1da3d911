"""The words for a plan: each mutant would let a widening pass as something else."""

from tools.mutants.mutant import Mutant
from tools.mutants.operators import (
    Operator,
    drop_operand,
    drop_statement,
    never,
    set_argument,
    set_item,
    set_return,
    swap_comparison,
    swap_constant,
    swap_name,
)

_TESTS = (
    "tests/unit/test_containment.py",
    "tests/unit/test_summary_words.py",
    "tests/unit/test_summary_by_hand.py",
    "tests/unit/test_allows.py",
)


def _mutant(name: str, target: str, change: Operator) -> Mutant:
    return Mutant(f"words: {name}", target, change, tests=_TESTS)


_CONTAINMENT = (
    _mutant("every condition implies every other", "implies", swap_name("all", "any")),
    _mutant("keys do not matter", "at_least_as_strict", never("about")),
    _mutant("no values are few values", "at_least_as_strict", never("not one.values")),
    _mutant("negation is overlooked", "at_least_as_strict", never("Not")),
    _mutant("later is stricter", "_ordered.strict", swap_comparison("<=", ">=")),
    _mutant("earlier start is stricter", "_ordered.strict", swap_comparison(">=", "<=")),
    _mutant(
        "any network is within any other",
        "_wider_network",
        set_return("True").inside("IPv4Network"),
    ),
    _mutant("variables are texts", "wider", drop_operand("${")),
    _mutant("a question mark stands for a star", "wider", drop_operand("?", "*")),
    _mutant("wildcards of ARNs reach over colons", "_WIDER", set_item("ArnLike", "wider")),
    _mutant("denials may go", "within", never("lifted")),
    _mutant("resources do not matter", "Permitted.reaching", drop_operand("resource")),
    _mutant("principals do not matter", "Permitted.reaching", drop_operand("stands_for")),
    _mutant("a principal stands for its account", "stands_for", drop_operand("principal")),
    _mutant("a condition on a suspension", "denies_all", drop_operand("Condition")),
)

_LINES = (
    _mutant("renewal", "window:_end", set_argument("Line", 0, '"none"', "extends")),
    _mutant("earlier begin", "_start", set_argument("Line", 0, '"narrows"', "earlier")),
    _mutant("new principal", "_principal_lines", never("_any_for", "before")),
    _mutant("longer sessions", "role_lines:_session", swap_constant("widens", "none")),
    _mutant("resumed", "role_lines:_state", swap_constant("widens", "none")),
    _mutant("foreign policies", "_foreign", swap_constant("widens", "none")),
    _mutant("other boundary", "_boundary", swap_constant("widens", "narrows")),
    _mutant("the external ID shown", "_phrase", never("_EXTERNAL_ID")),
    _mutant("widening that has no words", "policy_lines", drop_statement("_UNTOLD")),
    _mutant("widening that is cut off", "by_risk", set_argument("Line", 0, '"none"', "more")),
    _mutant("two resources of one name", "Names.of", never("_shared")),
)

SUMMARY = (*_CONTAINMENT, *_LINES)
