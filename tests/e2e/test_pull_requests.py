"""The GitHub action in front of a stack: planned, commented once, updated, applied on merge."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox import Sandbox
from tests.e2e.conftest import Case
from tests.kit.actions.fake_github import BOT, FakeGitHub, fake_github
from tests.kit.actions.git_repository import Repository
from tests.kit.actions.pull_request import MAIN, pull_request
from tests.kit.actions.runner import Played, Runner
from tests.kit.outside import Outside

pytestmark = pytest.mark.e2e

REF = "refs/pull/7/merge"
ACTS = "$(touch pwned) `id` @octocat #1 </details><img src=x> ::error::x ##[error]y"


@pytest.fixture
def hub() -> Iterator[FakeGitHub]:
    """GitHub's API."""
    with fake_github() as made:
        yield made


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


@pytest.fixture
def project(tmp_path: Path, box: Sandbox, hub: FakeGitHub) -> Project:
    """A project with nothing in it yet."""
    return Project(tmp_path, box, hub)


def test_a_pull_request_is_planned_told_in_one_comment_and_applied_on_merge(
    project: Project, hub: FakeGitHub, outside: Outside, case: Case
) -> None:
    hub.said("ada", "<!-- latchkey plan of latchkey -->\nwritten to be edited later")
    for number in range(120):
        hub.said("ada", f"remark {number}")
    config = case.config(purpose="Nightly @octocat exchange")
    project.commit({case.key: config})
    planned = project.pull(role_to_assume="arn:aws:iam::123456789012:role/planner")
    assert planned.status == 0, planned.log
    token = Path(planned.output("sign-in", "token-file"))
    assert token.read_text(encoding="utf-8") == "token for sts.amazonaws.com by request"
    assert token.stat().st_mode & 0o777 == 0o600
    assert "token for" not in planned.log
    (told,) = [one for one in hub.comments if one["user"]["login"] == BOT]
    assert "1 file would **widen access**" in told["body"]
    assert "written to be edited later" in hub.comments[0]["body"]
    assert case.config()["external_id"] not in told["body"] + planned.summary + planned.log
    assert told["body"].partition("\n")[2].split("[Plan of")[0] in planned.summary
    assert (
        outside.s3.list_objects_v2(Bucket=outside.box.outputs["ConfigBucketName"], Prefix=case.key)[
            "KeyCount"
        ]
        == 0
    )

    project.commit({case.key: {**config, "access": config["access"][:1]}})
    assert project.pull().status == 0
    assert len([one for one in hub.comments if one["user"]["login"] == BOT]) == 1
    assert project.repository.head[:12] in told["body"]

    applied = project.merged()
    assert applied.status == 0, applied.log
    assert f"{case.partner}.main: created" in applied.summary
    assert applied.acted == []

    project.base = project.repository.head
    project.commit({case.key: None})
    assert "**access ends**" in _page(project.pull())
    assert project.merged().status == 0
    assert outside.state(case.partner)["status"] == "revoked"


def test_a_run_that_is_repeated_applies_what_the_branch_is_now(
    project: Project, outside: Outside, case: Case
) -> None:
    first = project.base
    project.commit({case.key: case.config()})
    project.base = project.repository.head
    project.commit({case.key: case.config(require_mfa=True)})
    assert project.merged(first).status == 0
    document = outside.iam.get_role(RoleName=case.role)["Role"]["AssumeRolePolicyDocument"]
    assert "aws:MultiFactorAuthPresent" in json.dumps(document)


def test_what_would_be_rejected_fails_and_nothing_of_it_acts(
    project: Project, hub: FakeGitHub, case: Case
) -> None:
    bad = case.config(purpose=ACTS, expires_at="2020-01-01T00:00:00Z", **{ACTS: 1})
    project.commit({f"partners/{ACTS.replace('/', '')}.json": bad, "partners/x.json": b"{"})
    played = project.pull()
    assert played.status == 1
    assert "2 files would be **rejected**" in hub.comments[0]["body"]
    assert {name for name, _ in played.acted} == {"error"}
    assert not [*project.repository.folder.rglob("pwned")]
    hub.refuses = 403
    again = project.pull()
    assert ("warning", True) in [(name, "commenting failed" in text) for name, text in again.acted]
    hub.refuses, hub.head = None, "f" * 40
    hub.comments.clear()
    project.pull()
    assert hub.comments == [], "a newer commit is there, whose run says what it changes"


def test_a_pull_request_without_configs_has_no_comment(project: Project, hub: FakeGitHub) -> None:
    project.commit({"README.md": b"More\n"})
    assert project.pull().status == 0
    assert hub.comments == []


def _page(played: Played) -> str:
    return Path(played.output("plan", "page")).read_text(encoding="utf-8")
