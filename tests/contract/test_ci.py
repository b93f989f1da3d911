"""What runs elsewhere: the project's own CI, the hook for pre-commit, actions that are used."""

import re
import tomllib
from typing import Any

import yaml

from latchkey_cli.main import COMMANDS
from tests.kit.repository import ROOT

_PINNED = re.compile(r"actions/[\w-]+@[0-9a-f]{40}")


def _read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_ci_runs_targets_that_there_are_with_no_more_than_reading() -> None:
    workflow = _read(".github/workflows/ci.yml")
    targets = workflow["jobs"]["make"]["strategy"]["matrix"]["target"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    known = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    assert {target.split()[0] for target in targets} <= known
    assert {"lint", "test", "test-long", "test-release"} <= set(targets)
    assert workflow["permissions"] == {"contents": "read"}
    assert "pull_request_target" not in workflow[True]  # YAML reads `on` as true


def test_actions_are_pinned_by_their_commits_everywhere() -> None:
    files = (".github/workflows/ci.yml", "docs/pull-requests.md", "action.yml")
    texts = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in files)
    used = set(re.findall(r"uses: (\S+)", texts)) - {"northwind/latchkey@COMMIT"}
    assert used and all(_PINNED.fullmatch(name) for name in used)
    assert len({name.split("@")[0] for name in used}) == len(used), "one version of each"
    assert "uses:" not in (ROOT / "action.yml").read_text(encoding="utf-8")


def test_the_wheel_is_installed_on_each_python_that_it_is_for() -> None:
    steps = _read(".github/workflows/ci.yml")["jobs"]["make"]["steps"]
    (pythons,) = (one["with"]["python-version"] for one in steps if "setup-python" in str(one))
    assert tuple(pythons.split()) == ("3.11", "3.12", "3.13")


def test_no_expression_stands_in_a_shell_of_ci() -> None:
    for job in _read(".github/workflows/ci.yml")["jobs"].values():
        assert not [step for step in job["steps"] if "${{" in step.get("run", "")]


def test_the_hook_is_a_command_for_the_files_that_it_says() -> None:
    (hook,) = _read(".pre-commit-hooks.yaml")
    program, command = hook["entry"].split()
    assert (hook["id"], program, hook["language"]) == ("latchkey-validate", "latchkey", "python")
    assert command in COMMANDS
    assert "language_version" not in hook, "the command line runs on any Python from 3.11 on"
    assert re.search(hook["files"], "partners/acme/reports.json")
    assert not re.search(hook["files"], "package.json")


def test_what_the_action_installs_is_what_the_command_line_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    given = project["project"]["dependencies"]
    locked = set(re.findall(r"^(\S+)==", (ROOT / "requirements/cli.txt").read_text(), re.MULTILINE))
    assert {re.split(r"[>=<]", name)[0] for name in given} <= locked
