"""The checksums of a release, as `sha256sum --check` reads them."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

NAME = "SHA256SUMS"


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    return sha256(path.read_bytes()).hexdigest()


def write_checksums(folder: Path, files: Sequence[Path]) -> Path:
    """Write the checksums of files in a folder, sorted by name."""
    lines = (f"{digest(path)}  {path.name}\n" for path in sorted(files))
    written = folder / NAME
    written.write_text("".join(lines), encoding="utf-8")
    return written
