"""The same sources make the same release, whoever builds it."""

from pathlib import Path

import pytest

from latchkey import __version__
from tests.release.conftest import build

pytestmark = pytest.mark.release


def test_same_sources_make_the_same_files(dist: Path, tmp_path: Path) -> None:
    first = (dist / "SHA256SUMS").read_text(encoding="utf-8")
    second = build(tmp_path / "dist", umask=0o077, TZ="Asia/Tokyo", LC_ALL="C")
    assert second == first
    assert [line.split("  ")[1] for line in first.splitlines()] == [
        f"latchkey-{__version__}-aws.zip",
        f"latchkey-{__version__}-py3-none-any.whl",
        f"latchkey-{__version__}-requirements.txt",
        f"latchkey-{__version__}.cdx.json",
    ]


def test_another_time_makes_other_files(dist: Path, tmp_path: Path) -> None:
    first = (dist / "SHA256SUMS").read_text(encoding="utf-8")
    other = build(tmp_path / "dist", umask=0o022, SOURCE_DATE_EPOCH="1500000000")
    assert not {*first.splitlines()} & {*other.splitlines()}, "what is compared is not constant"
