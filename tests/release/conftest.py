"""The release, built once for all of these tests."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.repository import ROOT
from tools.release.checksums import NAME


def build(folder: Path, *, umask: int, **variables: str) -> str:
    """Build the release as `make release` does; answers its checksums."""
    subprocess.run(
        [sys.executable, "-m", "tools.release", str(folder)],
        cwd=ROOT,
        env={**os.environ, **variables},
        check=True,
        umask=umask,
    )
    return (folder / NAME).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `make release` fills."""
    folder = tmp_path_factory.mktemp("release") / "dist"
    build(folder, umask=0o022)
    return folder
