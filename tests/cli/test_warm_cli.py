"""The command line as tests in the sandbox run it does what the installed one does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.warm_cli import folder_of_command

ENTRY_POINT = Path(sys.executable).parent / "latchkey"
LINES = {
    "ends well": "latchkey --version",
    "is told what is wrong": "latchkey nothing",
    "reads its input": "echo '{' | latchkey validate -",
    "reads a file of its folder": "latchkey validate file.json",
    "is cut off": "latchkey --help | head -n 1",
    "is given a variable": "LATCHKEY_STACK= COLUMNS=40 latchkey plan --help",
    "writes other text": "PYTHONIOENCODING=ascii latchkey validate file.json",
}


@pytest.mark.parametrize("line", LINES.values(), ids=list(LINES))
def test_forks_do_what_the_entry_point_does(tmp_path: Path, line: str) -> None:
    (tmp_path / "file.json").write_text('{"version": "naïve"}', encoding="utf-8")
    forked = _done(line, tmp_path, str(folder_of_command(ENTRY_POINT)), str(ENTRY_POINT.parent))
    assert forked == _done(line, tmp_path, str(ENTRY_POINT.parent))


def test_process_has_imported_nothing_of_ours(tmp_path: Path) -> None:
    found = tmp_path / "latchkey"
    found.write_text("import sys\nprint(*sys.modules)\n", encoding="utf-8")
    _, out, _ = _done("latchkey", tmp_path, str(folder_of_command(found)))
    assert "click" in out.split()
    assert not [name for name in out.split() if name.startswith(("latchkey", "sandbox", "tests"))]


def _done(line: str, folder: Path, *path: str) -> tuple[int, str, str]:
    """The status of a line, and what it printed."""
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line],
        cwd=folder,
        env={"PATH": os.pathsep.join((*path, os.environ["PATH"])), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr
