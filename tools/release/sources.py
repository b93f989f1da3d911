"""The sources that a release is built from: a copy without what tests and tools left among them."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.kit.repository import ROOT

_PARTS = (
    "LICENSE",
    "README.md",
    "cli",
    "functions",
    "layers",
    "packaging",
    "pyproject.toml",
    "requirements/cli.txt",
    "samconfig.toml",
    "statemachine",
    "template.yaml",
)
_FIRST = 315_532_800  # 1980-01-01: zip files know no earlier time
_FILE, _FOLDER = 0o644, 0o755


def copied(to: Path) -> Path:
    """A copy of the sources with the modes of a fresh clone, whatever the umask is here."""
    for path in _files():
        target = to / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        target.chmod(_FILE)
    for found in (to, *to.rglob("*")):
        if found.is_dir():
            found.chmod(_FOLDER)
    return to


def epoch() -> int:
    """The time of all that a release holds, in seconds: SOURCE_DATE_EPOCH, or the last commit's.

    Where there is neither, in an unpacked archive, it is that of the first zip file.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH") or _git("log", "-1", "--format=%ct").strip()
    return max(int(given or 0), _FIRST)


def environment() -> dict[str, str]:
    """The environment variables that builds run with."""
    return {**os.environ, "SOURCE_DATE_EPOCH": str(epoch()), "PYTHONHASHSEED": "0"}


def uncommitted() -> list[str]:
    """The files of the sources that are not as they were committed."""
    return _git("status", "--porcelain", "--", *_PARTS).splitlines()


def _files() -> list[Path]:
    """The files that git tracks, or would; without a repository, all but caches."""
    listed = _git("ls-files", "--cached", "--others", "--exclude-standard", "--", *_PARTS)
    if listed:
        return [path for path in (ROOT / name for name in listed.splitlines()) if path.is_file()]
    found = [ROOT / part for part in _PARTS]
    inside = (path for part in found if part.is_dir() for path in sorted(part.rglob("*")))
    files = [path for path in (*found, *inside) if path.is_file()]
    return [path for path in files if "__pycache__" not in path.parts]


def _git(*words: str) -> str:
    if not (ROOT / ".git").exists():
        return ""
    done = subprocess.run(  # noqa: S603 (our own words)
        ["git", *words],  # noqa: S607 (whichever git this machine has)
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout
