"""Zip files that depend on nothing but what is in them."""

import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

_MODE = 0o100644


def zipped(files: Mapping[str, bytes], epoch: int) -> bytes:
    """A zip file of texts or data by their names, sorted, all of one time (in seconds) and mode."""
    written = BytesIO()
    time = datetime.fromtimestamp(epoch, UTC).timetuple()[:6]
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, time)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, wherever it is written: modes are of Unix
            entry.external_attr = _MODE << 16
            archive.writestr(entry, files[name])
    return written.getvalue()


def contents(folder: Path) -> dict[str, bytes]:
    """The files below a folder, by their paths in it."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
