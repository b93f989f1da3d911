"""Who may import whom: what is shared lies below what shares it, and nothing goes in a circle."""

import ast
from collections.abc import Callable, Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.kit.repository import ROOT

SOURCES = {
    "latchkey": ROOT / "layers/latchkey",
    "latchkey_cli": ROOT / "cli",
    "sandbox": ROOT,
    "tools": ROOT,
    "tests": ROOT,
}
"""Where each package lies."""

BELOW = {
    "latchkey": {"latchkey"},
    "latchkey_cli": {"latchkey", "latchkey_cli"},
    "sandbox": {"latchkey", "sandbox"},
    "tests.kit": {"latchkey", "latchkey_cli", "sandbox", "tests.kit"},
    "tools": {"latchkey", "latchkey_cli", "sandbox", "tests.kit", "tools"},
}
"""What each may import of ours; tests may import all of it, but of the tools only what follows."""

HELD = {
    "tests.contract.test_bench_turns": "tools.bench",
    "tests.contract.test_cost_page": "tools.bench",
    "tests.contract.test_event_schemas": "tools.reference",
    "tests.contract.test_fields_known": "tools.mutants",
    "tests.contract.test_mutants": "tools.mutants",
    "tests.contract.test_attack_turns": "tools.attacks",
    "tests.contract.test_parts": "tools.faults",
    "tests.contract.test_quota_pages": "tools.bench",
    "tests.contract.test_schema": "tools.reference",
    "tests.contract.test_spokes_page": "tools.bench",
    "tests.e2e.test_session": "tools.reference",
    "tests.integration.test_calls": "tools.bench",
    "tests.integration.test_calls_elsewhere": "tools.bench",
    "tests.integration.test_loaded_at_home": "tools.bench",
    "tests.integration.test_many_accounts": "tools.bench",
    "tests.release.conftest": "tools.release",
    "tests.release.test_application": "tools.release",
    "tests.release.test_reproducible": "tools.release",
    "tests.sam_local.test_build": "tools.bench",
    "tests.unit.test_evaluator_subjects": "tools.evaluator",
    "tests.unit.test_release": "tools.release",
    "tests.unit.test_session": "tools.reference",
}
"""The tests that hold what a tool makes, or its figures."""


def _is_in(name: str, package: str) -> bool:
    return f"{name}.".startswith(f"{package}.")


def _folder(module: str) -> str:
    """The folder of tools, of tests or of the kit that a module is in; the kit's own modules."""
    return ".".join(module.split(".")[: 3 if _is_in(module, "tests.kit") else 2])


@pytest.mark.parametrize("package", BELOW)
def test_packages_import_only_what_lies_below(package: str) -> None:
    wrong = {
        f"{module} imports {name}"
        for module, names in _imports().items()
        if _is_in(module, package)
        for name in names
        if not any(_is_in(name, below) for below in BELOW[package])
    }
    assert wrong == set()


def test_tests_of_one_folder_import_no_others() -> None:
    wrong = {
        f"{module} imports {name}"
        for module, names in _imports().items()
        if _is_in(module, "tests") and not _is_in(module, "tests.kit")
        for name in names
        if _is_in(name, "tests")
        and not _is_in(name, "tests.kit")
        and not _is_in(name, ".".join(module.split(".")[:2]))
    }
    assert wrong == set()


def test_tests_import_a_tool_only_to_hold_it() -> None:
    wrong = {
        f"{module} imports {name}"
        for module, names in _imports().items()
        if _is_in(module, "tests")
        for name in names
        if _is_in(name, "tools") and not _is_in(name, HELD.get(module, "nothing"))
    }
    assert wrong == set()
    assert HELD.keys() <= _imports().keys()


@pytest.mark.parametrize("of", [_folder, str], ids=["folders", "modules"])
def test_nothing_of_tools_and_tests_goes_in_a_circle(of: Callable[[str], str]) -> None:
    graph: dict[str, set[str]] = {}
    for module, names in _imports().items():
        if _is_in(module, "tools") or _is_in(module, "tests"):
            graph.setdefault(of(module), set()).update({of(name) for name in names} - {of(module)})
    TopologicalSorter(graph).prepare()  # an error tells the circle


def test_modules_of_the_command_line_import_each_other_in_no_circle() -> None:
    graph = {
        module: set(names) for module, names in _imports().items() if _is_in(module, "latchkey_cli")
    }
    TopologicalSorter(graph).prepare()  # an error names the circle


def test_commands_import_nothing_from_each_other() -> None:
    commands = "latchkey_cli.commands"
    wrong = {
        f"{module} imports {name}"
        for module, names in _imports().items()
        for name in names
        if _is_in(module, "latchkey_cli") and _is_in(name, commands) and name != commands
    }
    assert wrong == set(), "what two commands need belongs into a folder beside them"


def test_few_modules_of_the_command_line_lie_outside_its_folders() -> None:
    loose = {path.stem for path in (SOURCES["latchkey_cli"] / "latchkey_cli").glob("*.py")}
    assert loose == {"__init__", "__main__", "main", "command_group", "errors"}


def test_few_modules_lie_loose_among_the_folders_of_tests() -> None:
    assert len(list((ROOT / "tests").glob("*.py"))) <= 6


@cache
def _imports() -> dict[str, frozenset[str]]:
    """Every module of ours, with the modules of ours that it imports."""
    paths = {
        ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__"): path
        for package, folder in SOURCES.items()
        for path in (folder / package).rglob("*.py")
    }
    return {
        module: frozenset(_named(module, path, frozenset(paths))) for module, path in paths.items()
    }


def _named(module: str, path: Path, known: frozenset[str]) -> Iterator[str]:
    package = module if path.stem == "__init__" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            before = package.rsplit(".", node.level - 1)[0] if node.level else ""
            source = ".".join(filter(None, (before, node.module)))
            names = [f"{source}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:  # of a module, or of something in one
            yield from [each for each in (name, name.rpartition(".")[0]) if each in known][:1]
