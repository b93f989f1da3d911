"""The sandbox expands its template once, and anew when anything in it has changed."""

from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from sandbox.deployment import template
from sandbox.deployment.remembered import load_once
from tests.kit.repository import ROOT


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A template of its own, with its workflows."""
    copytree(ROOT / "statemachine", tmp_path / "statemachine")
    copied = tmp_path / "template.yaml"
    copied.write_bytes((ROOT / "template.yaml").read_bytes())
    return copied


@pytest.fixture
def expanded(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was expanded, and not remembered."""
    found: list[Any] = []
    load = template.load

    def noting(*given: Any) -> dict[str, Any]:
        found.append(given)
        return load(*given)

    monkeypatch.setattr(template, "load", noting)
    return found


def test_template_is_expanded_once(path: Path, expanded: list[Any]) -> None:
    first = load_once(path)
    assert load_once(path) == first == template.load(path)
    assert len(expanded) == 2  # by ourselves, too


@pytest.mark.parametrize("changed", ["template.yaml", "statemachine/grant_workflow.asl.json"])
def test_template_that_changed_is_expanded_anew(
    path: Path, expanded: list[Any], changed: str
) -> None:
    load_once(path)
    file = path.parent / changed
    file.write_text(file.read_text().replace("Comment", "comment") + "\n")
    assert load_once(path) == template.load(path)
    assert len(expanded) == 3


def test_each_region_has_a_template_of_its_own(path: Path, expanded: list[Any]) -> None:
    load_once(path)
    load_once(path, "eu-west-1")
    assert [region for _, region in expanded] == ["us-east-1", "eu-west-1"]


def test_what_was_cut_off_is_not_believed(path: Path, expanded: list[Any]) -> None:
    load_once(path)
    (kept,) = (path.parent / ".cache" / "sandbox").iterdir()
    kept.write_text(kept.read_text()[:1000])
    load_once(path)
    assert len(expanded) == 2
