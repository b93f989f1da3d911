"""Files that hold what only their reader may know."""

import os
from pathlib import Path


def write_secret(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read (mode 600), also over one that others could.

    The mode is set before there is anything to read.
    """
    opened = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(opened, "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.truncate()
        file.write(content)
