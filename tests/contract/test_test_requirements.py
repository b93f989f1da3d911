"""`make test` installs all that the tests it collects import."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.kit.later_sets import LATER_SETS
from tests.kit.repository import ROOT

_OURS = {"functions", "latchkey", "latchkey_cli", "sandbox", "tests", "tools"}
_LOCKED = re.compile(r"^([\w.-]+)(?:\[[^]]*\])?==", re.MULTILINE)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _installed() -> set[str]:
    files = [ROOT / "requirements" / f"{name}.txt" for name in ("sandbox", "test")]
    return {_normal(name) for file in files for name in _LOCKED.findall(file.read_text())}


def _imports(file: Path) -> Iterator[str]:
    """The packages that a module needs to be imported: what functions import is left out."""
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def test_no_collected_test_imports_what_make_test_does_not_install() -> None:
    installed, distributions = _installed(), packages_distributions()
    missing = {
        (file.relative_to(ROOT).as_posix(), package)
        for file in (ROOT / "tests").rglob("*.py")
        for package in _imports(file)
        if package not in sys.stdlib_module_names | _OURS
        and not {_normal(one) for one in distributions.get(package, [package])} <= installed
    }
    left_out = tuple(f"tests/{path}" for path in LATER_SETS)
    assert missing, "the tests of later sets import what is not installed"
    assert {one for one in missing if not one[0].startswith(left_out)} == set()
