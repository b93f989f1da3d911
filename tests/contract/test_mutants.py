"""The list of breakages fits the package as it is now; `make mutants` tries them."""

import shutil
from pathlib import Path

import pytest

from tests.kit.repository import ROOT
from tools.mutants.__main__ import broken
from tools.mutants.breakages import BREAKAGES, Breakage
from tools.mutants.safeguards import SAFEGUARDS
from tools.mutants.words import WORDS

ALL = (*BREAKAGES, *SAFEGUARDS, *WORDS)


@pytest.mark.parametrize("breakage", ALL, ids=lambda breakage: breakage.name)
def test_breakage_applies_and_is_still_python(breakage: Breakage, tmp_path: Path) -> None:
    file = tmp_path / breakage.folder / breakage.file
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / breakage.folder / breakage.file, file)
    broken(tmp_path, breakage)
    if file.suffix == ".py":
        compile(file.read_text(encoding="utf-8"), str(file), "exec")


def test_names_are_unique() -> None:
    assert len({breakage.name for breakage in ALL}) == len(ALL)
