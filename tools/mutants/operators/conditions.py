"""Operators on what decides: conditions, `and`, `or`, comparisons."""

import ast

from tools.mutants.operators.operator import Operator, parsed, put
from tools.mutants.places import Place

_COMPARISONS: dict[str, type[ast.cmpop]] = {
    "<": ast.Lt,
    "<=": ast.LtE,
    ">": ast.Gt,
    ">=": ast.GtE,
    "==": ast.Eq,
    "!=": ast.NotEq,
}


def never(*words: str) -> Operator:
    """A condition (of `if`, `elif`, `while`, a comprehension, `… if … else …`) is never met."""
    return Operator(_is_condition, put("False"), words)


def always(*words: str) -> Operator:
    """A condition is always met."""
    return Operator(_is_condition, put("True"), words)


def or_if(code: str, *words: str) -> Operator:
    """A condition is met in another case too."""

    def widen(place: Place) -> None:
        assert isinstance(place.node, ast.expr)
        place.put(ast.BoolOp(ast.Or(), [place.node, parsed(code)]))

    return Operator(_is_condition, widen, words)


def drop_operand(*words: str) -> Operator:
    """One operand of `and`, `or` or `|` is left out."""

    def drop(place: Place) -> None:
        if isinstance(place.parent, ast.BinOp):
            assert place.above
            kept = place.parent.left if place.field == "right" else place.parent.right
            place.above.put(kept)
        else:
            place.put()

    return Operator(_is_operand, drop, words)


def swap_and_or(*words: str) -> Operator:
    """`and` becomes `or`, or the other way round."""

    def swap(place: Place) -> None:
        assert isinstance(place.node, ast.BoolOp)
        place.node.op = ast.Or() if isinstance(place.node.op, ast.And) else ast.And()

    return Operator(lambda place: isinstance(place.node, ast.BoolOp), swap, words)


def swap_comparison(old: str, new: str) -> Operator:
    """A comparison, such as `<`, becomes another one."""
    kind = _COMPARISONS[old]
    return Operator(
        lambda place: isinstance(place.node, kind), lambda place: place.put(_COMPARISONS[new]())
    )


def _is_condition(place: Place) -> bool:
    if isinstance(place.parent, ast.comprehension):
        return place.field == "ifs"
    return place.field in ("test", "guard") and not isinstance(place.parent, ast.Assert)


def _is_operand(place: Place) -> bool:
    if isinstance(place.parent, ast.BinOp):
        return isinstance(place.parent.op, ast.BitOr) and place.field in ("left", "right")
    return isinstance(place.parent, ast.BoolOp) and place.field == "values"
