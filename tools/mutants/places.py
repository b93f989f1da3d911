"""The places in a definition that an operator may change."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_BLOCKS = (ast.match_case, ast.If, ast.For, ast.While, ast.With, ast.Try)


@dataclass(frozen=True)
class Place:
    """A node of a syntax tree, with where it stands in its parent, and where that stands."""

    node: ast.AST
    parent: ast.AST
    field: str
    index: int | None = None
    above: "Place | None" = None

    def put(self, *nodes: ast.AST) -> None:
        """Put other nodes where this one stands; none of them where it stands in a list."""
        if self.index is None:
            (node,) = nodes
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index : self.index + 1] = nodes

    def nodes(self) -> tuple[ast.AST, ...]:
        """What this is known by: the node, and before a dictionary's value its key."""
        if isinstance(self.parent, ast.Dict) and self.field == "values":
            assert self.index is not None
            key = self.parent.keys[self.index]
            return (key, self.node) if key else (self.node,)
        return (self.node,)

    def mentions(self, word: str) -> bool:
        """Whether a word is a name in it, stands in a text of it, or is all of it, unparsed."""
        return any(
            _is_written(part, word) or any(_matches(node, word) for node in ast.walk(part))
            for part in self.nodes()
        )


def places(root: ast.AST, above: Place | None = None) -> Iterator[Place]:
    """All places below a node, documentation aside."""
    for field, value in ast.iter_fields(root):
        for index, node in enumerate(value) if isinstance(value, list) else ((None, value),):
            if isinstance(node, ast.AST) and not _is_documentation(node):
                place = Place(node, root, field, index, above)
                yield place
                yield from places(node, place)


def innermost(found: Sequence[Place]) -> list[Place]:
    """Those that hold none of the others."""
    own = {id(place.node) for place in found}
    return [
        place
        for place in found
        if not any(id(node) in own for node in ast.walk(place.node) if node is not place.node)
    ]


def block(root: ast.AST, words: Sequence[str]) -> ast.AST:
    """The one `case`, `if`, `for`, `while`, `with` or `try` whose head mentions all words.

    Raises
    ------
    ValueError
        When there is none, or more than one.
    """
    found = [node for node in ast.walk(root) if isinstance(node, _BLOCKS) and _head(node, words)]
    if len(found) != 1:
        raise ValueError(f"{len(found)} blocks begin with {', '.join(words)}")
    return found[0]


def _head(node: ast.AST, words: Sequence[str]) -> bool:
    bodies = ("body", "orelse", "handlers", "finalbody")
    heads = [place for place in places(node) if place.parent is node and place.field not in bodies]
    return all(any(head.mentions(word) for head in heads) for word in words)


def _is_documentation(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_written(node: ast.AST, word: str) -> bool:
    return not word.isidentifier() and ast.unparse(node) == word


def _matches(node: ast.AST, word: str) -> bool:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=name):
            return name == word
        case ast.Constant(value=str() as text):
            return word in text
        case _:
            return False
