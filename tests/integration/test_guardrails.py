"""Guardrails and vanished principals: what is refused, and what is only reported."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.kit.examples import NOW, PARTNER_ACCOUNT
from tests.kit.stack.aws import FILE, GUARDRAILS, aws
from tests.kit.stack.driver import House

CHECK = {"action": "check", "partner": "acme", "grant": "main"}
GONE = "AROAEXAMPLEGONE12345"


def _lose_principal(*left: str) -> None:
    """What IAM shows once the partner has deleted the role that the trust policy names."""
    iam = aws("iam")
    document = iam.get_role(RoleName="partner-acme.main")["Role"]["AssumeRolePolicyDocument"]
    document["Statement"][0]["Principal"] = {"AWS": [*left] or [GONE]}
    text = json.dumps(document)
    iam.update_assume_role_policy(RoleName="partner-acme.main", PolicyDocument=text)


def _checks(house: House) -> list[dict[str, Any]]:
    return [item for item in house.started() if item.get("action") == "check"]


def test_broken_guardrail_rejects_and_names_the_rule(house: House) -> None:
    house.guard(max_grant_days=30)
    house.upload()
    run = house.run(FILE)
    assert run.outcome == "rejected"
    assert run.paths == ["/expires_at"]
    assert "guardrail max_grant_days" in run.result["problems"][0]["message"]
    assert house.role() is None


def test_broken_guardrails_come_with_all_other_problems(house: House) -> None:
    house.guard(max_grant_days=30, required_tags=["team"], denied_resources=["arn:aws:s3:::data-*"])
    missing = {"service": "s3", "bucket": "no-such-bucket", "allow": "read"}
    house.upload(access=[{"service": "s3", "bucket": "data-bucket", "allow": "read"}, missing])
    assert house.run(FILE).paths == ["/access/0", "/access/1/bucket", "/expires_at", "/tags"]


def test_seven_faults_of_every_kind_are_seven_problems_in_one_result(house: House) -> None:
    house.guard(required_tags=["team"])
    document = {
        "principals": ["*"],
        "external_id": "short",
        "expires_at": "2020-01-01T00:00:00Z",
        "max_session_duration": 60,
        "purpos": "Nightly export",
        "access": [{"service": "s3", "bucket": "data-buckte", "allow": "read"}],
    }
    house.upload(**document)
    run = house.run(FILE)
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
    house: House,
) -> None:
    house.granted()
    house.guard(allowed_partner_accounts=[])
    house.upload(purpose="Another purpose")
    assert house.run(FILE).outcome == "rejected"
    assert house.role() is not None
    assert house.grant()["status"] == "active"


def test_drift_check_has_live_grants_held_to_changed_guardrails_and_reports_once(
    house: House,
) -> None:
    house.granted()
    assert house.invoke("check_drift", {})["other_guardrails"] == []
    house.guard(allowed_partner_accounts=[])
    assert house.invoke("check_drift", {})["other_guardrails"] == ["acme.main"]
    (check,) = _checks(house)
    run = house.run(check)
    assert (run.outcome, run.paths, run.iam_writes) == ("unchanged", ["/principals/0"], [])
    assert house.result()["problems"] == run.result["problems"]
    assert house.grant()["status"] == "active"
    assert house.history() == ["AccessGranted", "FindingsReported"]
    assert house.invoke("check_drift", {})["other_guardrails"] == []
    assert house.run(CHECK).steps == ["plan_grant"]


def test_guardrails_that_are_kept_again_clear_the_findings(house: House) -> None:
    house.granted()
    house.guard(allowed_partner_accounts=[])
    house.run(CHECK)
    house.guard(allowed_partner_accounts=[PARTNER_ACCOUNT])
    assert house.run(CHECK).outcome == "unchanged"
    assert house.grant()["findings"] == []


def test_grant_that_breaks_the_guardrails_may_be_suspended_but_not_resumed(house: House) -> None:
    house.granted()
    house.guard(allowed_partner_accounts=[])
    assert house.run({**CHECK, "action": "suspend"}).outcome == "suspended"
    assert house.run({**CHECK, "action": "resume"}).outcome == "rejected"
    assert house.permissions()["Statement"][0]["Effect"] == "Deny"


@pytest.mark.parametrize("text", ["{", '{"version": 1, "allow_customs": true}'])
def test_nothing_is_granted_while_the_guardrails_are_unreadable(house: House, text: str) -> None:
    house.granted()
    aws("ssm").put_parameter(Name=GUARDRAILS, Type="String", Value=text, Overwrite=True)
    house.upload(purpose="Another purpose")
    run = house.run(FILE)
    assert run.outcome == "failed"
    assert "GuardrailsUnreadable" in run.result["reason"]
    assert house.role() is not None
    house.remove()
    assert house.run(FILE).outcome == "revoked"


def test_nothing_is_granted_without_guardrails(house: House) -> None:
    aws("ssm").delete_parameter(Name=GUARDRAILS)
    house.upload()
    run = house.run(FILE)
    assert (run.outcome, house.role()) == ("failed", None)
    assert GUARDRAILS in run.result["reason"]


def test_sweep_of_overdue_grants_needs_no_guardrails(house: House) -> None:
    house.granted(expires_at="2026-01-15T13:00:00Z")
    aws("ssm").delete_parameter(Name=GUARDRAILS)
    house.invoke("sweep_grants", {}, NOW.replace(hour=14))
    assert [check["partner"] for check in _checks(house)] == ["acme"]


def test_deleted_principal_is_reported_once_and_not_trusted_anew(
    house: House,
) -> None:
    house.granted(principals=[f"arn:aws:iam::{PARTNER_ACCOUNT}:role/reader"])
    assert house.invoke("check_drift", {})["changed"] == []
    _lose_principal()
    assert house.invoke("check_drift", {})["changed"] == ["acme.main"]
    run = house.run(_checks(house)[0])
    assert (run.outcome, run.iam_writes) == ("unchanged", [])
    (problem,) = run.result["problems"]
    assert problem["path"] == "/principals"
    assert f"partner principal no longer exists: {GONE}" in problem["message"]
    assert house.invoke("check_drift", {}, NOW + timedelta(hours=1))["changed"] == []


def test_same_notification_again_does_not_trust_a_new_principal_of_the_name(house: House) -> None:
    house.granted()
    _lose_principal()
    assert house.run(FILE).iam_writes == []


def test_new_version_of_the_file_names_the_principals_anew(house: House) -> None:
    house.granted()
    _lose_principal()
    house.upload()
    assert house.run(FILE).iam_writes == ["UpdateAssumeRolePolicy"]
    assert house.grant()["findings"] == []


def test_grant_whose_principal_is_gone_can_still_be_suspended(house: House) -> None:
    house.granted()
    _lose_principal()
    run = house.run({**CHECK, "action": "suspend"})
    assert (run.outcome, run.iam_writes) == ("suspended", ["PutRolePolicy"])


def test_trust_policy_widened_by_hand_beside_a_gone_principal_lets_nobody_do_anything(
    house: House,
) -> None:
    house.granted()
    _lose_principal(GONE, "arn:aws:iam::111122223333:root")
    assert house.invoke("check_drift", {})["changed"] == ["acme.main"]
    run = house.run(_checks(house)[0])
    assert run.iam_writes == ["PutRolePolicy"]
    assert {statement["Effect"] for statement in house.permissions()["Statement"]} == {"Deny"}
    assert "changed by hand" in run.result["problems"][-1]["message"]
    assert any("111122223333" in told for told in run.result["drift"])
    assert house.invoke("check_drift", {}, NOW + timedelta(hours=1))["changed"] == []
    house.upload()
    assert house.run(FILE).iam_writes == ["PutRolePolicy", "UpdateAssumeRolePolicy"]
    assert house.grant()["findings"] == []
