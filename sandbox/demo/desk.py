"""The desk of the ops in the story: the command line, and a folder for what it writes."""

import os
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]
FOLDER = Path(".cache/demo")
"""Where the pages of the last demo are, below the repository."""


class Desk:
    """Runs `latchkey` in the folder, in front of a sandbox."""

    def __init__(self, url: str, width: int) -> None:
        self._folder = _ROOT / FOLDER
        self._folder.mkdir(parents=True, exist_ok=True)
        path = os.pathsep.join(str(_ROOT / part) for part in ("layers/latchkey", "cli"))
        self._variables = {
            **{name: text for name, text in os.environ.items() if not name.startswith("LATCHKEY_")},
            "PYTHONPATH": path,
            "LATCHKEY_ENDPOINT_URL": url,
            "LATCHKEY_CONFIG_FILE": os.devnull,  # whoever watches may have stacks of their own
            "FORCE_COLOR": "1",
            "COLUMNS": str(width),
        }

    def run(self, line: str) -> str:
        """What a command line prints for people, with its colors; its progress is left out.

        Raises
        ------
        SystemExit
            If it fails.
        """
        done = subprocess.run(  # noqa: S603 (our own command)
            [sys.executable, "-m", "latchkey_cli", *line.split()[1:]],
            cwd=self._folder,
            env=self._variables,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{line}: {done.stderr or done.stdout}")
        return done.stdout

    def keep(self, name: str, text: str) -> None:
        """Put a file into the folder."""
        (self._folder / name).write_text(text, encoding="utf-8")

    def read(self, name: str) -> str:
        """A file of the folder."""
        return (self._folder / name).read_text(encoding="utf-8")
