"""What was checked of a grant, and what was not, is in its result and its history."""

from typing import Any

import pytest

from latchkey.runtime import clients
from latchkey.runtime.wiring import steps as wiring
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver

OFF = "not available here"


def _events(stack: StackDriver) -> list[dict[str, Any]]:
    return sorted((i for i in stack.items() if "event" in i), key=lambda item: item["sk"])


def test_checks_stand_in_result_and_history_and_none_is_passed_that_was_not_made(
    stack: StackDriver,
) -> None:
    stack.granted()
    results = {check["check"]: check["result"] for check in stack.result()["checks"]}
    assert results.pop("role read back from IAM") == "passed"
    assert len(results) == 5
    assert set(results.values()) == {OFF}
    assert _events(stack)[-1]["checks"] == stack.result()["checks"]


def test_removal_is_proven_by_looking_for_the_role(stack: StackDriver) -> None:
    stack.granted()
    stack.remove()
    run = stack.run(FILE)
    assert [check["check"] for check in run.result["checks"]] == ["role read back from IAM"]
    assert run.result["verified"]["role"] == "absent"


def test_run_without_changes_checks_nothing(stack: StackDriver) -> None:
    stack.granted()
    assert stack.run(FILE).steps == ["plan_grant"]


def test_policy_that_aws_refuses_is_not_written(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLICY_CHECKS", "on")
    analyzer = clients.client("accessanalyzer")
    findings = {
        "findings": [
            {"findingType": "ERROR", "issueCode": "INVALID_ACTION", "findingDetails": "No such."}
        ]
    }

    class Pages:
        def paginate(self, **_: Any) -> list[Any]:
            return [findings]

    monkeypatch.setattr(analyzer, "get_paginator", lambda _: Pages())
    wiring.granting_step.cache_clear()
    stack.upload()
    run = stack.run(FILE)
    assert run.outcome == "failed"
    assert "PolicyRefused" in run.result["reason"]
    assert "INVALID_ACTION" in run.result["reason"]
    assert stack.role() is None
    assert aws("iam").list_roles(PathPrefix="/partners/")["Roles"] == []
