"""The GitHub action in front of a stack: planned, commented once, updated, applied on merge."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from sandbox import Sandbox
from tests.e2e.conftest import Case
from tests.e2e.project import Project
from tests.e2e.terminal import ENTRY_POINT, Terminal
from tests.kit.actions.fake_github import BOT, FakeGitHub, fake_github
from tests.kit.actions.runner import Played
from tests.kit.outside import Outside
from tests.kit.repository import ROOT

pytestmark = pytest.mark.e2e

ACTS = "$(touch pwned) `id` @octocat #1 </details><img src=x> ::error::x ##[error]y"


@pytest.fixture
def hub() -> Iterator[FakeGitHub]:
    """GitHub's API."""
    with fake_github() as made:
        yield made


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


def test_a_file_that_is_moved_on_merge_keeps_its_role(
    project: Project, outside: Outside, case: Case
) -> None:
    outside.upload(case.key, case.config())
    role = outside.role(case.role)
    project.base = project.commit({case.key: case.config()})
    moved = f"partners/{case.partner}/moved.json"
    project.commit({case.key: None, moved: case.config()})
    assert f"Moved from {case.key}" in _page(project.pull()).replace("\\", "")
    assert project.merged().status == 0
    assert outside.role(case.role) == role
    project.base = project.repository.head
    project.commit({moved: None, case.key: case.config(require_mfa=True)})
    assert "granted anew" in _page(project.pull())
    applied = project.merged()
    assert applied.status == 0, applied.log
    assert outside.state(case.partner)["config_key"] == case.key
    assert outside.state(case.partner)["status"] == "active"


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


def test_the_recipe_for_gitlab_plans_and_applies(
    project: Project, box: Sandbox, outside: Outside, case: Case
) -> None:
    page = (ROOT / "docs/pull-requests.md").read_text(encoding="utf-8")
    jobs = yaml.safe_load(re.findall(r"## GitLab.*?```yaml\n(.*?)```", page, re.DOTALL)[0])
    terminal = Terminal(box, project.repository.folder)
    binaries = project.repository.folder / ".latchkey/bin"
    binaries.mkdir(parents=True)
    (binaries / "latchkey").symlink_to(ENTRY_POINT)
    (project.repository.folder / ".gitignore").write_text(".latchkey\nplan.md\n")
    project.commit({case.key: case.config()})
    known = {
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": project.base,
        "CI_COMMIT_BEFORE_SHA": project.base,
        "PLANNER_ROLE": "",
        "APPLIER_ROLE": "",
        "CI_JOB_ID": "1",
    }
    values = "; ".join(f"export {name}={value}" for name, value in known.items())
    for job in ("plan", "apply"):
        script = " && ".join(jobs[job]["script"])
        assert terminal(f"{values}; {script}").status == 0
        if job == "plan":
            assert "**widen access**" in (terminal.folder / "plan.md").read_text(encoding="utf-8")
            assert outside.role(case.role) is None
    assert outside.state(case.partner)["status"] == "active"


def _page(played: Played) -> str:
    return Path(played.output("plan", "page")).read_text(encoding="utf-8")
