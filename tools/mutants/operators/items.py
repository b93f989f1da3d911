"""Operators on what stands one beside another: items, and statements."""

import ast

from tools.mutants.operators.operator import Operator, parsed, put
from tools.mutants.places import Place

_SEQUENCES = (ast.Tuple, ast.List, ast.Set)


def drop_item(*words: str) -> Operator:
    """One item of a tuple, a list, a set or a dictionary is left out."""

    def drop(place: Place) -> None:
        if isinstance(place.parent, ast.Dict):
            assert place.index is not None
            del place.parent.keys[place.index]
        place.put()

    return Operator(_is_item, drop, words)


def add_item(code: str, *words: str) -> Operator:
    """A tuple, list or set has one more item, its last."""

    def add(place: Place) -> None:
        assert isinstance(place.node, _SEQUENCES)
        place.node.elts.append(parsed(code))

    return Operator(_is_sequence, add, words)


def set_item(key: str, code: str) -> Operator:
    """A key of a dictionary has another value."""

    def fits(place: Place) -> bool:
        first = place.nodes()[0]
        return (
            _is_item(place)
            and isinstance(first, ast.Constant)
            and (isinstance(place.parent, ast.Dict) and first.value == key)
        )

    return Operator(fits, put(code))


def reverse_items(*words: str) -> Operator:
    """A tuple, list or set is in the reverse order."""

    def reverse(place: Place) -> None:
        assert isinstance(place.node, _SEQUENCES)
        place.node.elts.reverse()

    return Operator(_is_sequence, reverse, words)


def drop_statement(*words: str) -> Operator:
    """A statement does nothing."""
    return Operator(
        lambda place: isinstance(place.node, ast.stmt), lambda place: place.put(ast.Pass()), words
    )


def _is_sequence(place: Place) -> bool:
    return isinstance(place.node, _SEQUENCES) and not isinstance(
        getattr(place.node, "ctx", None), ast.Store
    )


def _is_item(place: Place) -> bool:
    if isinstance(place.parent, ast.Dict):
        return place.field == "values"
    return isinstance(place.parent, _SEQUENCES) and place.field == "elts"
