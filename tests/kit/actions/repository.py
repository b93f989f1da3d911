"""A git repository with config files, as somebody who opens a pull request has it."""

import subprocess
from pathlib import Path
from typing import Any

from tests.kit.examples import config_bytes


class Repository:
    """A repository below a folder; each `commit` is on top of the last."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch", "main")
        self.commit("begun", {"README.md": b"Grants\n"})

    def git(self, *words: str) -> str:
        """What git answers; nothing of this machine's settings takes part."""
        who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
        done = subprocess.run(
            ["git", *who, "-c", "commit.gpgsign=false", *words],
            cwd=self.folder,
            check=True,
            capture_output=True,
        )
        return done.stdout.decode().strip()

    def commit(self, message: str, files: dict[str, bytes | None]) -> str:
        """Write files, remove those without a body, and commit; answers the commit."""
        for name, body in files.items():
            path = self.folder / name
            if body is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(body)
        return self.save(message)

    def save(self, message: str) -> str:
        """Commit everything as it is in the folder."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.head

    @property
    def head(self) -> str:
        """The newest commit."""
        return self.git("rev-parse", "HEAD")


def config(**changes: Any) -> bytes:
    """A valid config with changes, as bytes."""
    return config_bytes(**changes)
