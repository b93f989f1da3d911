"""A repository whose pull requests the GitHub action is played for, in front of a sandbox."""

import json
from pathlib import Path
from typing import Any

from sandbox import Sandbox
from tests.kit.actions.events import MAIN, pull_request
from tests.kit.actions.fake_github import FakeGitHub
from tests.kit.actions.repository import Repository
from tests.kit.actions.runner import Played, Runner

REF = "refs/pull/7/merge"


class Project:
    """A repository with an origin, whose pull requests the action runs for."""

    def __init__(self, folder: Path, box: Sandbox, hub: FakeGitHub) -> None:
        self.repository = Repository(folder / "workspace")
        self.repository.git("remote", "add", "origin", str(folder / "workspace"))
        self.base = self.repository.head
        self.hub = hub
        self._runner = Runner(
            folder / "runner",
            self.repository.folder,
            GITHUB_API_URL=hub.url,
            ACTIONS_ID_TOKEN_REQUEST_URL=f"{hub.url}/token?api-version=2",
            ACTIONS_ID_TOKEN_REQUEST_TOKEN="request",
            LATCHKEY_ENDPOINT_URL=box.url,
        )

    def commit(self, files: dict[str, Any]) -> str:
        """Commit files, given as JSON data, as bytes, or None where they are removed."""
        bodies = {
            name: body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
            for name, body in files.items()
        }
        self.hub.head = self.repository.commit("change", bodies)
        return self.hub.head

    def pull(self, **inputs: str) -> Played:
        """Run the action for the pull request as it is."""
        event = pull_request(self.base, self.repository.head)
        return self._runner("pull_request", event, REF, **inputs)

    def merged(self, since: str | None = None) -> Played:
        """Run the action for the push after the merge."""
        event = {"before": since or self.base, "repository": {"default_branch": "main"}}
        return self._runner("push", event, MAIN)
