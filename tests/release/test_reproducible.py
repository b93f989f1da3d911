"""The same sources make the same release, whoever builds it."""

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from latchkey import __version__
from tests.release.conftest import build
from tools.release.checksums import digest
from tools.release.sources import epoch

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


def test_what_is_in_them_is_of_the_time_of_the_last_commit(dist: Path) -> None:
    """So that what is compared above is no constant: another time makes other files."""
    time = datetime.fromtimestamp(epoch() // 2 * 2, UTC)  # zip files know even seconds
    packed = [dist / f"latchkey-{__version__}{end}" for end in ("-aws.zip", "-py3-none-any.whl")]
    for path in packed:
        with zipfile.ZipFile(path) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {time.timetuple()[:6]}
    bill = json.loads((dist / f"latchkey-{__version__}.cdx.json").read_text(encoding="utf-8"))
    found = datetime.fromisoformat(bill["metadata"]["timestamp"])
    assert found == datetime.fromtimestamp(epoch(), UTC)
    requirements = (dist / f"latchkey-{__version__}-requirements.txt").read_text(encoding="utf-8")
    assert f"--hash=sha256:{digest(packed[1])}" in requirements
