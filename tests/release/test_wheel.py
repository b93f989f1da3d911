"""The wheel of the command line by itself, on each Python that this machine has."""

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from latchkey import __version__
from latchkey_cli.main import COMMANDS
from tests.kit.parts import PART, of_part, turn
from tests.kit.repository import ROOT

pytestmark = pytest.mark.release

PYTHONS = ("3.11", "3.12", "3.13")
"""Of CI's parts each installs it on one of them: three in a row on all."""

_IMPORT_ALL = """
import importlib, pkgutil, sys, latchkey, latchkey_cli
names = [
    found.name
    for package in (latchkey, latchkey_cli)
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + ".")
    if not found.name.endswith("__main__")
]
for name in names:
    importlib.import_module(name)
print(len(names))
"""
_NEW = (
    "new acme.reports --offline --purpose Exports --owner data --principal 444455556666 "
    "--external-id acme-4711-2026 --access s3:northwind-reports/acme:read --for 90d -o new.json"
)


def _interpreter(version: str) -> str | None:
    """An interpreter of a version that starts: the one on the path, or one that pyenv keeps."""
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = [shutil.which(f"python{version}"), *map(str, kept.glob(f"{version}.*/bin/python"))]
    return next((path for path in found if path and _starts(path, version)), None)


def _starts(path: str, version: str) -> bool:
    code = "import sys, venv; print('%s.%s' % sys.version_info[:2])"
    done = subprocess.run([path, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip() == version


@pytest.fixture(params=of_part(PYTHONS, len(PYTHONS), turn()) if PART else PYTHONS)
def installed(request: pytest.FixtureRequest, dist: Path, tmp_path: Path) -> Path:
    """A fresh environment in which the release is installed as its requirements say."""
    python = _interpreter(request.param)
    if python is None:
        pytest.skip(f"this machine has no Python {request.param}")
    subprocess.run([python, "-m", "venv", str(tmp_path / "venv")], check=True, env=_alone())
    bin_ = tmp_path / "venv/bin"
    words = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run(
        [bin_ / "python", *words, "-r", f"latchkey-{__version__}-requirements.txt"],
        cwd=dist,
        env=_alone(),
        check=True,
    )
    return bin_


def _alone() -> dict[str, str]:
    """The environment without what leads Python to the sources."""
    return {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}


def test_command_line_works_without_the_repository(installed: Path, tmp_path: Path) -> None:
    def run(*words: str | Path) -> str:
        done = subprocess.run(
            [installed / words[0], *words[1:]],
            cwd=tmp_path,
            env=_alone(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (words, done.stdout)
        return done.stdout

    assert run("latchkey", "--version") == f"latchkey {__version__}\n"
    told = run("latchkey", "--help")
    assert all(f"\n  {name} " in told for name in COMMANDS)
    sample = ROOT / "events/configs/s3_folder_and_secret.json"
    assert "1 file checked, no problems" in run("latchkey", "validate", sample)
    run("latchkey", *_NEW.split())
    assert json.loads((tmp_path / "new.json").read_text())["partner"] == "acme"
    assert "1 file checked, no problems" in run("latchkey", "validate", "new.json")
    assert int(run("python", "-W", "error", "-c", _IMPORT_ALL)) > 400
    run("python", "-m", "pip", "check")


def test_wheel_holds_the_command_line_and_nothing_of_functions_or_tests(dist: Path) -> None:
    (path,) = dist.glob("*.whl")
    with zipfile.ZipFile(path) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
        metadata = wheel.read(f"latchkey-{__version__}.dist-info/METADATA").decode()
    assert {name.split("/")[0] for name in names} == {"latchkey", "latchkey_cli"}
    assert not [name for name in names if name.startswith("latchkey/runtime")]
    shipped = {*_files("layers/latchkey", "latchkey"), *_files("cli", "latchkey_cli")}
    runtime = {name for name in shipped if name.startswith("latchkey/runtime/")}
    assert names == shipped - runtime, (
        "a page or a style that is not shipped fails where it is used"
    )
    assert "Requires-Python: >=3.11" in metadata.splitlines()


def _files(where: str, package: str) -> list[str]:
    found = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", f"{where}/{package}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [line.removeprefix(f"{where}/") for line in found.stdout.splitlines()]
