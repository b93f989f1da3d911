"""A machine of a partner's, where a hand-off sheet is followed to the letter."""

import os
import re
import subprocess
import sys
from pathlib import Path

from sandbox.demo.people import PARTNER_ACCOUNT

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)

# AWS CLI v1 takes no endpoint from the environment for SQS (its overridesslcommonname.py).
_CLI = 'aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }\n'


class PartnersMachine:
    """A machine of the partner's: its own credentials, its home, and the sheet."""

    def __init__(self, home: Path, url: str, sheet: str) -> None:
        self.blocks = dict(_BLOCK.findall(sheet))
        self._home = home
        self._path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self._url = url
        folder = home / ".aws"
        folder.mkdir()
        own = f"[default]\naws_access_key_id = {PARTNER_ACCOUNT}\naws_secret_access_key = any\n"
        (folder / "credentials").write_text(own)
        (folder / "config").write_text(self.blocks["ini"])

    def shell(self, line: str) -> str:
        """What a line of the sheet prints."""
        return self.run("bash", "-c", _CLI + line)

    def run(self, *command: str) -> str:
        """What a command prints; it has to succeed."""
        environment = {
            "HOME": str(self._home),
            "PATH": self._path,
            "AWS_ENDPOINT_URL": self._url,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        done = subprocess.run(
            command, env=environment, cwd=self._home, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout
