"""An operator: the one place in a definition that it fits, and what it does there."""

import ast
from collections.abc import Callable
from dataclasses import dataclass, replace

from tools.mutants.places import Place, block, innermost, places


@dataclass(frozen=True)
class Operator:
    """Changes the one place that fits and mentions the words, in all of it or in one block."""

    fits: Callable[[Place], bool]
    change: Callable[[Place], None]
    words: tuple[str, ...] = ()
    head: tuple[str, ...] = ()

    def inside(self, *words: str) -> "Operator":
        """The same within the block (`case`, `if`, `for`, `with`, …) whose head mentions words."""
        return replace(self, head=words)

    def apply(self, definition: ast.AST) -> None:
        """Change the definition.

        Raises
        ------
        ValueError
            When it fits no place, or several.
        """
        root = block(definition, self.head) if self.head else definition
        fitting = [place for place in places(root) if self.fits(place)]
        found = innermost([p for p in fitting if all(p.mentions(word) for word in self.words)])
        if len(found) != 1:
            lines = [getattr(place.node, "lineno", "?") for place in found]
            raise ValueError(f"fits {len(found)} places, where it has to fit one (lines {lines})")
        self.change(found[0])


def parsed(code: str) -> ast.expr:
    """An expression."""
    return ast.parse(code, mode="eval").body


def put(code: str) -> Callable[[Place], None]:
    """A change that puts an expression in the place of what is there."""
    return lambda place: place.put(parsed(code))


def name_of(node: ast.AST) -> str:
    """The name, or the attribute's, that a node is; nothing for all others."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def called(node: ast.AST) -> str:
    """The name before the brackets of a call or a subscript; nothing for all others."""
    match node:
        case ast.Call(func=what) | ast.Subscript(value=what):
            return name_of(what)
        case _:
            return ""
