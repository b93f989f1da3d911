"""Operators on values: constants, texts, names, arguments, what is assigned and returned."""

import ast

from tools.mutants.operators.operator import Operator, called, name_of, parsed, put
from tools.mutants.places import Place

type Constant = str | int | bool | None


def swap_constant(old: Constant, new: Constant) -> Operator:
    """A constant has another value."""

    def fits(place: Place) -> bool:
        return isinstance(place.node, ast.Constant) and (
            (type(place.node.value), place.node.value) == (type(old), old)
        )

    return Operator(fits, lambda place: place.put(ast.Constant(new)))


def swap_text(old: str, new: str) -> Operator:
    """A part of a text reads otherwise."""

    def swap(place: Place) -> None:
        assert isinstance(place.node, ast.Constant)
        place.put(ast.Constant(str(place.node.value).replace(old, new)))

    return Operator(lambda place: _text(place).count(old) == 1, swap)


def swap_name(old: str, new: str) -> Operator:
    """A name, or an attribute, is another one."""

    def swap(place: Place) -> None:
        if isinstance(place.node, ast.Attribute):
            place.node.attr = new
        else:
            place.put(ast.Name(new))

    return Operator(lambda place: name_of(place.node) == old, swap)


def set_variable(name: str, code: str) -> Operator:
    """A variable is given another value."""

    def fits(place: Place) -> bool:
        parent = place.parent
        if isinstance(parent, ast.Assign):
            return place.field == "value" and [name_of(each) for each in parent.targets] == [name]
        return (
            place.field == "value"
            and isinstance(parent, ast.AnnAssign)
            and (name_of(parent.target) == name)
        )

    return Operator(fits, put(code))


def set_return(code: str, *words: str) -> Operator:
    """Another value is returned."""
    return Operator(
        lambda place: isinstance(place.parent, ast.Return) and place.field == "value",
        put(code),
        words,
    )


def replace_call(name: str, code: str, *words: str) -> Operator:
    """A call of a function or method, or what is in brackets behind a name, is something else."""
    return Operator(lambda place: called(place.node) == name, put(code), words)


def set_argument(name: str, which: int | str, code: str, *words: str) -> Operator:
    """A call is given another value for an argument, by its position or its name."""
    return Operator(
        lambda place: called(place.node) == name,
        lambda place: _argument(place, which).put(parsed(code)),
        words,
    )


def drop_argument(name: str, which: int, *words: str) -> Operator:
    """A call goes without an argument."""
    return Operator(
        lambda place: called(place.node) == name,
        lambda place: _argument(place, which).put(),
        words,
    )


def _text(place: Place) -> str:
    value = place.node.value if isinstance(place.node, ast.Constant) else None
    return value if isinstance(value, str) else ""


def _argument(place: Place, which: int | str) -> Place:
    assert isinstance(place.node, ast.Call)
    if isinstance(which, int) and which < len(place.node.args):
        return Place(place.node.args[which], place.node, "args", which)
    for keyword in place.node.keywords:
        if keyword.arg == which:
            return Place(keyword.value, keyword, "value")
    raise ValueError(f"{called(place.node)} is called without an argument {which}")
