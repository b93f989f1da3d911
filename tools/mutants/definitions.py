"""Finds what is defined in the package, the functions and the command line by qualified names."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from textwrap import indent

from tests.kit.repository import ROOT

_FOLDERS = ("layers/latchkey/latchkey", "functions")
_COMMAND_LINE = "latchkey_cli"


@dataclass(frozen=True)
class Definition:
    """A function, class, constant or field; `node` is the reader's own, to be changed."""

    path: Path
    source: str
    node: ast.stmt

    def text(self) -> str:
        """The whole file, with the definition as its node now is; all else is as it was."""
        lines = self.source.splitlines(keepends=True)
        decorators = getattr(self.node, "decorator_list", [])
        first = min(each.lineno for each in (self.node, *decorators))
        ast.fix_missing_locations(self.node)
        own = indent(ast.unparse(self.node), " " * self.node.col_offset) + "\n"
        return "".join([*lines[: first - 1], own, *lines[self.node.end_lineno :]])


def find(target: str) -> Definition:
    """The one definition of a qualified name.

    Where modules share a name, `part:name` is that of the module with `part` in its dotted name.
    The command line's are found only by a part that begins with `latchkey_cli`.

    Raises
    ------
    ValueError
        When there is none, or more than one.
    """
    module, _, name = target.rpartition(":")
    folders = (f"cli/{_COMMAND_LINE}",) if module.startswith(_COMMAND_LINE) else _FOLDERS
    index = _index(folders)
    found = [path for path in index.get(name, []) if _is_of(path, module)]
    if not found:
        near = "".join(f"; did you mean {each}?" for each in get_close_matches(name, index, 1))
        raise ValueError(f"{target} is defined in no module{near}")
    if len(found) > 1:
        where = ", ".join(map(_module, found))
        raise ValueError(f"{target} is defined in {where}; write <part of one of these>:{name}")
    source = (ROOT / found[0]).read_text(encoding="utf-8")
    nodes = [node for qualified, node in _defined(ast.parse(source)) if qualified == name]
    if len(nodes) != 1:
        raise ValueError(f"{name} is defined {len(nodes)} times in {found[0]}")
    return Definition(found[0], source, nodes[0])


@cache
def _index(folders: tuple[str, ...]) -> Mapping[str, list[Path]]:
    """The files in folders that define each qualified name."""
    found: defaultdict[str, list[Path]] = defaultdict(list)
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for name in dict.fromkeys(name for name, _ in _defined(tree)):
                found[name].append(path.relative_to(ROOT))
    return found


def _is_of(path: Path, module: str) -> bool:
    return not module or f".{module}." in f".{_module(path)}."


def _module(path: Path) -> str:
    return ".".join(path.with_suffix("").parts)


def _defined(scope: ast.AST, before: str = "") -> Iterator[tuple[str, ast.stmt]]:
    """What a module, a class or a function defines, with names as in `Outer.inner`."""
    for node in ast.iter_child_nodes(scope):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield before + name, node
                yield from _defined(node, f"{before}{name}.")
            case ast.ClassDef(name=name):
                yield before + name, node
                yield from _defined(node, f"{before}{name}.")
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                if not isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield before + name, node
            case _:
                pass
