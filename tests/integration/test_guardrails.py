"""Guardrails and vanished principals: what is refused, and what is only reported."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.kit.examples import NOW, PARTNER_ACCOUNT
from tests.kit.stack.aws import FILE, GUARDRAILS, aws
from tests.kit.stack.driver import StackDriver

CHECK = {"action": "check", "partner": "acme", "grant": "main"}
GONE = "AROAEXAMPLEGONE12345"


def _lose_principal(*left: str) -> None:
    """What IAM shows once the partner has deleted the role that the trust policy names."""
    iam = aws("iam")
    document = iam.get_role(RoleName="partner-acme.main")["Role"]["AssumeRolePolicyDocument"]
    document["Statement"][0]["Principal"] = {"AWS": [*left] or [GONE]}
    text = json.dumps(document)
    iam.update_assume_role_policy(RoleName="partner-acme.main", PolicyDocument=text)


def _checks(stack: StackDriver) -> list[dict[str, Any]]:
    return [item for item in stack.started() if item.get("action") == "check"]


def test_broken_guardrail_rejects_and_names_the_rule(stack: StackDriver) -> None:
    stack.guard(max_grant_days=30)
    stack.upload()
    run = stack.run(FILE)
    assert run.outcome == "rejected"
    assert run.paths == ["/expires_at"]
    assert "guardrail max_grant_days" in run.result["problems"][0]["message"]
    assert stack.role() is None


def test_broken_guardrails_come_with_all_other_problems(stack: StackDriver) -> None:
    stack.guard(max_grant_days=30, required_tags=["team"], denied_resources=["arn:aws:s3:::data-*"])
    missing = {"service": "s3", "bucket": "no-such-bucket", "allow": "read"}
    stack.upload(access=[{"service": "s3", "bucket": "data-bucket", "allow": "read"}, missing])
    assert stack.run(FILE).paths == ["/access/0", "/access/1/bucket", "/expires_at", "/tags"]


def test_seven_faults_of_every_kind_are_seven_problems_in_one_result(stack: StackDriver) -> None:
    stack.guard(required_tags=["team"])
    document = {
        "principals": ["*"],
        "external_id": "short",
        "expires_at": "2020-01-01T00:00:00Z",
        "max_session_duration": 60,
        "purpos": "Nightly export",
        "access": [{"service": "s3", "bucket": "data-buckte", "allow": "read"}],
    }
    stack.upload(**document)
    run = stack.run(FILE)
    assert run.paths == [
        "/access/0/bucket",
        "/expires_at",
        "/external_id",
        "/max_session_duration",
        "/principals/0",
        "/purpos",
        "/tags",
    ]
    assert "did you mean 'data-bucket'?" in run.result["problems"][0]["message"]


def test_changed_guardrails_hold_from_the_next_upload_and_leave_the_live_grant(
    stack: StackDriver,
) -> None:
    stack.granted()
    stack.guard(allowed_partner_accounts=[])
    stack.upload(purpose="Another purpose")
    assert stack.run(FILE).outcome == "rejected"
    assert stack.role() is not None
    assert stack.grant()["status"] == "active"


def test_drift_check_has_live_grants_held_to_changed_guardrails_and_reports_once(
    stack: StackDriver,
) -> None:
    stack.granted()
    assert stack.invoke("check_drift", {})["other_guardrails"] == []
    stack.guard(allowed_partner_accounts=[])
    assert stack.invoke("check_drift", {})["other_guardrails"] == ["acme.main"]
    (check,) = _checks(stack)
    run = stack.run(check)
    assert (run.outcome, run.paths, run.iam_writes) == ("unchanged", ["/principals/0"], [])
    assert stack.result()["problems"] == run.result["problems"]
    assert stack.grant()["status"] == "active"
    assert stack.history() == ["AccessGranted", "FindingsReported"]
    assert stack.invoke("check_drift", {})["other_guardrails"] == []
    assert stack.run(CHECK).steps == ["plan_grant"]


def test_guardrails_that_are_kept_again_clear_the_findings(stack: StackDriver) -> None:
    stack.granted()
    stack.guard(allowed_partner_accounts=[])
    stack.run(CHECK)
    stack.guard(allowed_partner_accounts=[PARTNER_ACCOUNT])
    assert stack.run(CHECK).outcome == "unchanged"
    assert stack.grant()["findings"] == []


def test_grant_that_breaks_the_guardrails_may_be_suspended_but_not_resumed(
    stack: StackDriver,
) -> None:
    stack.granted()
    stack.guard(allowed_partner_accounts=[])
    assert stack.run({**CHECK, "action": "suspend"}).outcome == "suspended"
    assert stack.run({**CHECK, "action": "resume"}).outcome == "rejected"
    assert stack.permissions()["Statement"][0]["Effect"] == "Deny"


@pytest.mark.parametrize("text", ["{", '{"version": 1, "allow_customs": true}'])
def test_nothing_is_granted_while_the_guardrails_are_unreadable(
    stack: StackDriver, text: str
) -> None:
    stack.granted()
    aws("ssm").put_parameter(Name=GUARDRAILS, Type="String", Value=text, Overwrite=True)
    stack.upload(purpose="Another purpose")
    run = stack.run(FILE)
    assert run.outcome == "failed"
    assert "GuardrailsUnreadable" in run.result["reason"]
    assert stack.role() is not None
    stack.remove()
    assert stack.run(FILE).outcome == "revoked"


def test_nothing_is_granted_without_guardrails(stack: StackDriver) -> None:
    aws("ssm").delete_parameter(Name=GUARDRAILS)
    stack.upload()
    run = stack.run(FILE)
    assert (run.outcome, stack.role()) == ("failed", None)
    assert GUARDRAILS in run.result["reason"]


def test_sweep_of_overdue_grants_needs_no_guardrails(stack: StackDriver) -> None:
    stack.granted(expires_at="2026-01-15T13:00:00Z")
    aws("ssm").delete_parameter(Name=GUARDRAILS)
    stack.invoke("sweep_grants", {}, NOW.replace(hour=14))
    assert [check["partner"] for check in _checks(stack)] == ["acme"]


def test_deleted_principal_is_reported_once_and_not_trusted_anew(
    stack: StackDriver,
) -> None:
    stack.granted(principals=[f"arn:aws:iam::{PARTNER_ACCOUNT}:role/reader"])
    assert stack.invoke("check_drift", {})["changed"] == []
    _lose_principal()
    assert stack.invoke("check_drift", {})["changed"] == ["acme.main"]
    run = stack.run(_checks(stack)[0])
    assert (run.outcome, run.iam_writes) == ("unchanged", [])
    (problem,) = run.result["problems"]
    assert problem["path"] == "/principals"
    assert f"partner principal no longer exists: {GONE}" in problem["message"]
    assert stack.invoke("check_drift", {}, NOW + timedelta(hours=1))["changed"] == []


def test_same_notification_again_does_not_trust_a_new_principal_of_the_name(
    stack: StackDriver,
) -> None:
    stack.granted()
    _lose_principal()
    assert stack.run(FILE).iam_writes == []


def test_new_version_of_the_file_names_the_principals_anew(stack: StackDriver) -> None:
    stack.granted()
    _lose_principal()
    stack.upload()
    assert stack.run(FILE).iam_writes == ["UpdateAssumeRolePolicy", "PutRolePolicy"]
    assert stack.grant()["findings"] == []


def test_grant_whose_principal_is_gone_can_still_be_suspended(stack: StackDriver) -> None:
    stack.granted()
    _lose_principal()
    run = stack.run({**CHECK, "action": "suspend"})
    assert (run.outcome, run.iam_writes) == ("suspended", ["PutRolePolicy"])


def test_trust_policy_widened_by_hand_beside_a_gone_principal_lets_nobody_do_anything(
    stack: StackDriver,
) -> None:
    stack.granted()
    _lose_principal(GONE, "arn:aws:iam::111122223333:root")
    assert stack.invoke("check_drift", {})["changed"] == ["acme.main"]
    run = stack.run(_checks(stack)[0])
    assert run.iam_writes == ["PutRolePolicy"]
    assert {statement["Effect"] for statement in stack.permissions()["Statement"]} == {"Deny"}
    assert "changed by hand" in run.result["problems"][-1]["message"]
    assert any("111122223333" in told for told in run.result["drift"])
    assert stack.invoke("check_drift", {}, NOW + timedelta(hours=1))["changed"] == []
    stack.upload(tags={"team": "blue"})
    assert stack.run(FILE).iam_writes == ["UpdateAssumeRolePolicy", "PutRolePolicy", "TagRole"]
    assert stack.grant()["findings"] == []
