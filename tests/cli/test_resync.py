"""`latchkey resync`: files that no notification told of."""

import json
from typing import Any

from tests.cli.desk import Desk
from tests.kit.stack.aws import KEY, aws


def test_files_that_nothing_told_of_are_listed_and_reconciled(desk: Desk) -> None:
    desk.stack.upload(b"{", "partners/broken.json")
    desk.stack.upload()
    listed = desk.ok("resync", "--dry-run")
    assert f"{KEY}: uploaded, and not read since" in listed
    assert not desk.stack.executions()
    assert json.loads(desk.ok("resync", "--dry-run", "--json"))["unread"] == [
        KEY,
        "partners/broken.json",
    ]
    found = desk("resync")
    assert "started 2 runs;" in found.stderr
    given = _inputs()
    assert [one["by"] for one in given] == ["resync", "resync"]
    assert all(one["requested_by"].startswith("arn:aws:sts::123456789012:") for one in given)
    assert found.exit_code == 0


def test_grants_of_files_that_are_gone_end_only_when_asked(desk: Desk) -> None:
    desk.stack.granted()
    desk.stack.remove()
    asked = desk("resync")
    assert asked.exit_code == 2
    ending = "1 file gone from the bucket, which ends what they granted"
    assert f"{ending}; without a terminal, that needs --yes" in asked.stderr
    assert f"{KEY}: not there any more, though a live grant was granted by it" in asked.stdout
    assert "started 1 run;" in desk("resync", "--yes").stderr


def test_nothing_differs_where_nothing_does(desk: Desk) -> None:
    assert desk.ok("resync") == ""


def _inputs() -> list[dict[str, Any]]:
    """The inputs of all executions of all workflows."""
    states = aws("stepfunctions")
    machines = states.list_state_machines()["stateMachines"]
    runs = (
        run
        for machine in machines
        for run in states.list_executions(stateMachineArn=machine["stateMachineArn"])["executions"]
    )
    arns = [run["executionArn"] for run in runs]
    return [json.loads(states.describe_execution(executionArn=arn)["input"]) for arn in arns]
