"""The sandbox stays in rooms that a newcomer can read one at a time."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "sandbox").rglob("*.py"))
MOST_LINES, MOST_LOOSE = 250, 8
ROOMS = (
    "__main__",
    "samples",
    "demo",
    "sandbox",
    "client",
    "api",
    "moto_fixes",
    "deployment",
    "refusals",
    "iam",
    "compute",
    "time",
    "connection",
    "startup",
    "account",
)


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


NAMES = {_name(path) for path in MODULES}


def _imports(path: Path) -> Iterator[str]:
    """The modules of the sandbox that a module imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in NAMES)
        elif isinstance(node, ast.ImportFrom) and node.module in NAMES:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in NAMES else node.module


def _room(module: str) -> str:
    """The room of a module; a loose module is a room of its own."""
    return [*module.split("."), "sandbox"][1]


def test_few_modules_lie_loose() -> None:
    assert len([path for path in MODULES if path.parent.name == "sandbox"]) <= MOST_LOOSE


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_module_is_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MOST_LINES


def test_rooms_import_from_the_rooms_below_them_only() -> None:
    wrong = {
        (_name(path), imported)
        for path in MODULES
        for imported in _imports(path)
        if ROOMS.index(_room(imported)) < ROOMS.index(_room(_name(path)))
    }
    assert not wrong


def test_imports_of_modules_run_in_one_direction() -> None:
    modules = {_name(path): set(_imports(path)) for path in MODULES}
    tuple(TopologicalSorter(modules).static_order())
