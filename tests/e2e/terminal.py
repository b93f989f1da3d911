"""A terminal of somebody who has installed the command line, in front of the sandbox."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox import Sandbox
from tests.kit.warm_cli import folder_of_command

_BIN = Path(sys.executable).parent
ENTRY_POINT = _BIN / "latchkey"


@dataclass(frozen=True)
class Done:
    """What a command line came to."""

    status: int
    out: str
    err: str


class Terminal:
    """Runs lines in a folder as a shell does; nothing of the test's own settings is seen."""

    def __init__(self, box: Sandbox, folder: Path) -> None:
        self.folder = folder
        command = folder_of_command(ENTRY_POINT)
        self._env = {
            "PATH": os.pathsep.join((str(command), str(_BIN), os.environ["PATH"])),
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "LATCHKEY_ENDPOINT_URL": box.url,
        }

    def __call__(self, line: str, typed: str = "") -> Done:
        """Run a line."""
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=self.folder,
            env=self._env,
            input=typed,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def ok(self, line: str) -> str:
        """Run a line that has to go through; answers what it prints."""
        done = self(line)
        assert done.status == 0, (line, done)
        return done.out

    def json(self, line: str) -> Any:
        """The same, as the JSON that it prints."""
        return json.loads(self.ok(f"{line} --json"))

    def write(self, name: str, document: Any) -> None:
        """Put a JSON file into the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document, indent=2), encoding="utf-8")
