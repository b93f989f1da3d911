"""The permissions that docs/approvals.md lists are enough to approve and reject."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox import Sandbox
from tests.e2e.conftest import Case
from tests.e2e.people import person
from tests.e2e.terminal import Terminal
from tests.kit.outside import Outside, eventually
from tests.kit.repository import ROOT

pytestmark = pytest.mark.e2e

_ROW = re.compile(r"\| ((?:`[a-z0-9]+:\w+`(?:, )?)+) \| (.+) \|")


def _listed(box: Sandbox) -> Iterator[dict[str, Any]]:
    """The statements that the page's table comes to."""
    page = (ROOT / "docs/approvals.md").read_text(encoding="utf-8")
    _, _, table = page.partition("Approvers need this")
    outputs = box.outputs
    plans, configs = outputs["PlanWorkflowArn"], _bucket(outputs["ConfigBucketName"])
    runs = plans.replace(":stateMachine:", ":execution:")
    arns = {
        "`approvals/*` in `ConfigBucketName`": f"{configs}/approvals/*",
        "`ConfigBucketName`": configs,
        "`PlanWorkflowArn` (not `GrantWorkflowArn`)": plans,
        "the executions of `PlanWorkflowArn`": f"{runs}:*",
        "`plans/*` in `ResultsBucketName`": f"{_bucket(outputs['ResultsBucketName'])}/plans/*",
        "`GrantTableName` and its indexes": _arn("dynamodb", f"table/{outputs['GrantTableName']}*"),
        "the stack": _arn("cloudformation", "stack/latchkey/*"),
        "the guardrails": _arn("ssm", "parameter/latchkey/guardrails"),
    }
    for actions, resource in _ROW.findall(table):
        arn = arns.pop(resource.partition(";")[0])
        yield {"Effect": "Allow", "Action": re.findall(r"`(.+?)`", actions), "Resource": arn}
    assert not arns


def _bucket(name: str) -> str:
    return f"arn:aws:s3:::{name}"


def _arn(service: str, name: str) -> str:
    return f"arn:aws:{service}:us-east-1:123456789012:{name}"


def test_what_the_page_lists_is_enough_to_approve_and_reject(
    box: Sandbox, outside: Outside, case: Case, security: Any, tmp_path: Path
) -> None:
    carol, ada = person(box, "carol-lists"), person(box, "ada-lists", *_listed(box))
    rule = {"when": {"resources": [f"arn:aws:s3:::{case.bucket}/*"]}, "groups": {"security": 1}}
    security(approval={"groups": {"security": {"members": [ada.role_id]}}, "rules": [rule]})
    grant, terminal = f"{case.partner}.main", Terminal(box, tmp_path)

    def asks(**changes: Any) -> None:
        carol.put(case.key, case.config(**changes))
        outside.result(case.key, lambda result: result["outcome"] == "pending_approval")
        outside.box.advance(seconds=2)  # S3 tells times in seconds, and only what is later counts

    asks()
    assert grant in terminal.ok(f"{ada.keys} latchkey pending")
    said = terminal.ok(f"{ada.keys} latchkey approve {grant} --yes")
    assert f"uploaded by {carol.user_id}:" in said
    assert said.endswith(f"nobody is missing, and `latchkey show {grant}` says when it is done\n")
    outside.result(case.key, lambda result: result["outcome"] == "created")
    history = terminal.ok(f"latchkey show {grant}")
    assert f"approval by {ada.role_id}, on what {carol.user_id} uploaded" in history

    asks(principals=["444455556666", "777788889999"])
    terminal.ok(f"{ada.keys} latchkey reject {grant} --reason no")
    rejected = outside.result(case.key, lambda result: result["outcome"] == "rejected")
    assert rejected["reason"] == f"rejected by {ada.role_id} of security"
    refused = terminal(f"{ada.keys} latchkey suspend {case.partner} --reason x --yes")
    assert refused.status == 1 and "StartExecution" in refused.err
    eventually(lambda: terminal(f"{ada.keys} latchkey pending").out, lambda out: grant not in out)
