"""The GitHub action, played step by step, where no AWS is needed: forks, events, hostile names."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.kit.actions.events import MAIN, pull_request
from tests.kit.actions.fake_github import FakeGitHub, fake_github
from tests.kit.actions.repository import Repository, config
from tests.kit.actions.runner import Played, Runner
from tests.kit.repository import ROOT


@pytest.fixture
def hub() -> Iterator[FakeGitHub]:
    """GitHub's API."""
    with fake_github() as made:
        yield made


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """The checked-out repository."""
    return Repository(tmp_path / "workspace")


def _play(
    tmp_path: Path, hub: FakeGitHub, name: str, event: dict[str, Any], ref: str, role: str = ""
) -> Played:
    runner = Runner(tmp_path / "runner", tmp_path / "workspace", GITHUB_API_URL=hub.url)
    return runner(name, event, ref, role_to_assume=role)


def _of_a_fork(tmp_path: Path, hub: FakeGitHub, base: str, head: str) -> Played:
    event = pull_request(base, head, repository="mallory/partners")
    return _play(tmp_path, hub, "pull_request", event, "refs/pull/7/merge", "arn:x")


def test_a_fork_is_validated_offline_and_told_so(
    tmp_path: Path, hub: FakeGitHub, repository: Repository
) -> None:
    base = repository.head
    good = repository.commit("good", {"partners/a.json": config()})
    played = _of_a_fork(tmp_path, hub, base, good)
    assert (played.status, played.output("decide", "mode")) == (0, "validate")
    assert "comes from a fork" in played.summary and "nothing is planned" in played.summary
    bad = repository.commit("bad", {"partners/a.json": b"{"})
    played = _of_a_fork(tmp_path, hub, base, bad)
    assert played.status == 1
    assert [name for name, _ in played.acted] == ["error"]
    sarif = Path(played.output("validate", "sarif")).read_text(encoding="utf-8")
    assert "partners/a.json" in sarif
    assert hub.calls == [], "neither a token nor a comment is asked for"


def test_it_installs_what_is_pinned_and_imports_nothing_of_the_workspace(
    tmp_path: Path, hub: FakeGitHub, repository: Repository
) -> None:
    """Whatever a pull request calls its files: the working folder is on no path of Python."""
    base = repository.head
    traps = ("latchkey_cli", "latchkey", "boto3", "click", "pip", "venv", "secrets", "json", "site")
    trap = f"open({str(tmp_path / 'sprung')!r}, 'a').write(__name__)\n".encode()
    files: dict[str, bytes | None] = {f"{name}.py": trap for name in traps}
    files |= {f"{name}/__init__.py": trap for name in ("latchkey_cli", "yaml", "encodings")}
    files |= {"sitecustomize.py": trap, "usercustomize.py": trap}
    head = repository.commit("traps", {**files, "partners/a.json": config()})
    played = _of_a_fork(tmp_path, hub, base, head)
    assert played.status == 0
    assert not (tmp_path / "sprung").exists()
    asked = [line for line in played.installed if "-m" in line.split() and "latchkey" not in line]
    assert all(line.startswith("-I ") for line in asked)
    (pip,) = [line for line in played.installed if "-m pip" in line]
    assert "--require-hashes" in pip and pip.endswith("requirements/cli.txt")


@pytest.mark.parametrize(
    ("name", "event", "ref", "said"),
    [
        ("pull_request_target", pull_request("0" * 40, "1" * 40), MAIN, "would give forks your"),
        ("issue_comment", {}, MAIN, "does nothing for the event"),
        ("push", {"before": "0" * 40, "repository": {"default_branch": "main"}}, MAIN, "`since`"),
        ("pull_request", pull_request("$(touch pwned)", "x"), MAIN, "names no commit"),
    ],
)
def test_events_that_would_be_dangerous_are_refused(
    tmp_path: Path,
    hub: FakeGitHub,
    repository: Repository,
    name: str,
    event: dict[str, Any],
    ref: str,
    said: str,
) -> None:
    played = _play(tmp_path, hub, name, event, ref)
    assert played.status == 1
    ((command, text),) = played.acted
    assert command == "error" and said in text
    assert not (repository.folder / "pwned").exists()


@pytest.mark.parametrize(
    ("name", "event", "ref"),
    [
        ("push", {"before": "1" * 40, "repository": {"default_branch": "main"}}, "refs/heads/x"),
        ("pull_request", {**pull_request("1" * 40, "1" * 40), "action": "closed"}, "refs/pull/7/x"),
    ],
)
def test_other_branches_and_closed_pull_requests_do_nothing(
    tmp_path: Path,
    hub: FakeGitHub,
    repository: Repository,
    name: str,
    event: dict[str, Any],
    ref: str,
) -> None:
    played = _play(tmp_path, hub, name, event, ref)
    assert (played.status, played.output("decide", "mode"), played.acted) == (0, "none", [])


HOSTILE = (
    "$(touch pwned).json",
    "`touch pwned`.json",
    "a\n::set-output name=mode::apply\nb.json",
    "::error::x.json",
    "##[error]x.json",
    "--output=x.json",
    "'\";touch pwned;'.json",
    "a%0A::error::b.json",
    "<img src=x>@octocat #1.json",
)


def test_no_name_of_a_file_is_a_command_an_option_or_a_workflow_command(
    tmp_path: Path, hub: FakeGitHub, repository: Repository
) -> None:
    base = repository.head
    files: dict[str, bytes | None] = {f"partners/{name}": b"{" for name in HOSTILE}
    played = _of_a_fork(tmp_path, hub, base, repository.commit("hostile", files))
    assert played.status == 1
    assert [name for name, _ in played.acted] == ["error"] * len(HOSTILE)
    assert all("not JSON" in text for _, text in played.acted)
    assert played.output("decide", "mode") == "validate"
    assert not [*repository.folder.rglob("pwned")]


def test_dependabot_gets_no_credentials_either(
    tmp_path: Path, hub: FakeGitHub, repository: Repository
) -> None:
    event = pull_request(repository.head, repository.head)
    event["pull_request"]["user"]["login"] = "dependabot[bot]"
    played = _play(tmp_path, hub, "pull_request", event, "refs/pull/7/merge")
    assert (played.status, played.output("decide", "mode")) == (0, "validate")


def test_no_expression_stands_in_a_shell_and_no_action_is_used() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    for step in action["runs"]["steps"]:
        assert "${{" not in step["run"] and "uses" not in step
        assert all(
            re.fullmatch(r"\$\{\{ (inputs|steps)\.[\w.-]+ \}\}", value)
            for value in step.get("env", {}).values()
        )
