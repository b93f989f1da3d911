"""Every mutant fits the code as it is now; `make mutants` and `make safeguards` try them."""

import ast

import pytest
import yaml

from tests.kit.repository import ROOT
from tools.mutants import definitions
from tools.mutants import operators as op
from tools.mutants.entries import MUTANTS, SAFEGUARDS
from tools.mutants.mutant import Mutant
from tools.mutants.state_machine import set_field
from tools.mutants.template import drop_key

ALL = (*MUTANTS, *SAFEGUARDS)


@pytest.mark.parametrize("mutant", ALL, ids=lambda mutant: mutant.name)
def test_mutant_applies_to_one_place_and_is_still_code(mutant: Mutant) -> None:
    path, text = mutant.mutated()
    source = (ROOT / path).read_text(encoding="utf-8")
    if path.suffix == ".py":
        compile(text, str(path), "exec")
        assert ast.dump(ast.parse(text)) != ast.dump(ast.parse(source))
    else:
        yaml.compose(text, yaml.SafeLoader)
        assert text != source


def test_names_are_unique() -> None:
    assert len({mutant.name for mutant in ALL}) == len(ALL)


@pytest.mark.parametrize(
    ("mutant", "message"),
    [
        (Mutant("no such", "nowhere_at_all", op.never()), "defined in no module"),
        (Mutant("shared", "_READ", op.add_item("1")), "write <part of one of these>:_READ"),
        (Mutant("none", "validity", op.swap_text("no such text", "")), "fits 0 places"),
        (Mutant("several", "trust_policy", op.never()), "fits 3 places"),
        (Mutant("argument", "policies:_partner", op.drop_argument("_conditions", 9)), "argument 9"),
        (Mutant("key", "template.yaml:ConfigQueue", drop_key("Nothing")), "0 times"),
        (Mutant("resource", "template.yaml:Nothing", drop_key("Type")), "no Nothing"),
        (Mutant("state", "grant_workflow.asl.json:None", set_field("Next", "")), "0 states None"),
        (Mutant("field", "grant_workflow.asl.json:FindGrants", set_field("None", "")), "no None"),
    ],
    ids=["no such", "shared", "none", "several", "argument", "key", "resource", "state", "field"],
)
def test_what_does_not_fit_one_place_is_an_error(mutant: Mutant, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        mutant.mutated()


OPERATORS = [
    ("if a:\n    b", op.never("a"), "if False:\n    b"),
    ("[x for x in y if x]", op.always(), "[x for x in y if True]"),
    ("b = c if a else d", op.or_if("e"), "b = c if a or e else d"),
    ("b = a and f(c)", op.drop_operand("f"), "b = a"),
    ("b = a | f(c)", op.drop_operand("f"), "b = a"),
    ("b = a and f(c)", op.swap_and_or(), "b = a or f(c)"),
    ("b = a < c <= d", op.swap_comparison("<=", "<"), "b = a < c < d"),
    ("b = [1, True, '1']", op.swap_constant(1, 2), "b = [2, True, '1']"),
    ("b = f'{a} in c'", op.swap_text("in", "of"), "b = f'{a} of c'"),
    ("b = re.fullmatch(a)", op.swap_name("fullmatch", "match"), "b = re.match(a)"),
    ("b: int = a", op.set_variable("b", "0"), "b: int = 0"),
    ("return a", op.set_return("None"), "return None"),
    ("b = f(g(a))", op.replace_call("g", "a"), "b = f(a)"),
    ("f(a, b=c)", op.set_argument("f", "b", "d"), "f(a, b=d)"),
    ("f(a, c)", op.drop_argument("f", 1), "f(a)"),
    ("b = {a: 1, c: 2}", op.drop_item("c"), "b = {a: 1}"),
    ("b = ((1, 2), (3,))", op.add_item("4", "(3,)"), "b = ((1, 2), (3, 4))"),
    ("b = {'a': 1, 'c': 2}", op.set_item("a", "0"), "b = {'a': 0, 'c': 2}"),
    ("b = (*a, c)", op.reverse_items(), "b = (c, *a)"),
    ("for a in b:\n    f(a)", op.drop_statement("f"), "for a in b:\n    pass"),
    (
        "match a:\n    case 1:\n        return b\n    case 2:\n        return b",
        op.set_return("c").inside("2"),
        "match a:\n    case 1:\n        return b\n    case 2:\n        return c",
    ),
]


@pytest.mark.parametrize(
    ("before", "operator", "after"), OPERATORS, ids=[before for before, _, _ in OPERATORS]
)
def test_operator_does_what_it_says(before: str, operator: op.Operator, after: str) -> None:
    tree = ast.parse(before)
    operator.apply(tree)
    assert ast.unparse(ast.fix_missing_locations(tree)) == after


def test_all_but_the_definition_stays_as_it_is_written() -> None:
    definition = definitions.find("validity")
    first, last = definition.node.lineno - 1, definition.node.end_lineno
    op.never().apply(definition.node)
    lines, source = definition.text().splitlines(), definition.source.splitlines()
    assert lines[:first] == source[:first]
    assert lines[len(lines) - len(source[last:]) :] == source[last:]
