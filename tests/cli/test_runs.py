"""Following runs of the workflow, against Step Functions as moto has it and as it may answer."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import click
import pytest
from botocore.exceptions import ClientError

from latchkey_cli.aws import workflow_runs as module
from latchkey_cli.aws.workflow_runs import WorkflowRun, WorkflowRuns
from latchkey_cli.output.progress import show_progress


class _States:
    """Step Functions as far as a follower asks it; each look is the next of `looks`."""

    def __init__(self, *looks: dict[str, Any], history: Any = ()) -> None:
        self.looks = list(looks)
        self.history = history
        self.started: list[Any] = []
        self.listed: list[dict[str, Any]] = []

    def start_execution(self, **given: Any) -> dict[str, str]:
        self.started.append(json.loads(given["input"]))
        return {"executionArn": "arn:run"}

    def describe_execution(self, **_: Any) -> dict[str, Any]:
        return self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]

    def get_execution_history(self, **_: Any) -> dict[str, Any]:
        if isinstance(self.history, Exception):
            raise self.history
        named = enumerate(self.history, 1)
        events = [{"id": n, "stateEnteredEventDetails": {"name": name}} for n, name in named]
        return {"events": events}

    def list_executions(self, **_: Any) -> dict[str, Any]:
        return {"executions": self.listed}


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look again at once."""
    monkeypatch.setattr(module, "_INTERVALS", (0.0,))


def _runs(states: _States, timeout: float = 5) -> WorkflowRuns:
    stack: Any = SimpleNamespace(client=lambda _: states, output=lambda _: "arn:workflow")
    return WorkflowRuns(stack, timeout)


RUNNING = {"status": "RUNNING"}
DONE = {"status": "SUCCEEDED", "output": '{"outcome": "planned"}'}


def test_a_run_is_started_and_followed_to_its_end() -> None:
    states = _States(RUNNING, RUNNING, DONE, history=["Prepare", "Plan", "GrantAccess", "Odd"])
    told: list[str] = []
    ended = _runs(states).run({"config": {"purpose": "ü"}}, told.append)
    assert ended == WorkflowRun("SUCCEEDED", {"outcome": "planned"})
    assert (states.started, told) == ([{"config": {"purpose": "ü"}}], ["writing the role"] * 2)
    assert not ended.failed


def test_a_run_that_fails_says_why() -> None:
    ended = _runs(_States({"status": "FAILED", "error": "E", "cause": "C"})).run({}, print)
    assert (ended.failed, ended.error, ended.cause) == (True, "E", "C")


def test_waiting_has_an_end() -> None:
    with pytest.raises(click.ClickException, match=r"not finished after 0 seconds.*goes on"):
        _runs(_States(RUNNING), timeout=0).run({}, lambda _: None)


def test_progress_is_a_courtesy() -> None:
    denied = ClientError({"Error": {"Code": "AccessDenied"}}, "GetExecutionHistory")
    assert _runs(_States(history=denied)).step("arn") == "at work"
    assert _runs(_States()).step("arn") == "starting"


def test_the_newest_run_of_a_file_is_found_by_its_name() -> None:
    states, now = _States(), datetime.now(UTC)
    states.listed = [
        {"name": name, "executionArn": f"arn:{name}", "startDate": now - timedelta(seconds=age)}
        for name, age in {"file-acme-1": 9, "file-acme-2": 3, "file-globex-3": 1}.items()
    ]
    assert _runs(states).newest("file-acme-") == "arn:file-acme-2"
    assert _runs(states).newest("file-other-") is None


def test_without_a_terminal_each_step_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with show_progress("apply") as report:
        for step in ("planning", "planning", "recording"):
            report(step)
    assert capsys.readouterr().err == "apply …\n  planning\n  recording\n"


def test_on_a_terminal_progress_is_one_line_that_goes_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with show_progress("apply") as report:
        report("planning")
    assert "apply" in capsys.readouterr().err
