"""Who was replaced in a trust policy, or closed out, can do nothing with a session from before."""

import json
from datetime import timedelta
from typing import Any

import pytest

from latchkey.times import instant
from tests.kit.examples import NOW, OTHER_ACCOUNT, PARTNER_ACCOUNT, secret_entry
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver

ROLE = "partner-acme.main"
LATER = NOW + timedelta(hours=1)
CHECK = {"action": "check", "partner": "acme", "grant": "main"}
MINUTE = timedelta(seconds=60)
TRUST_THEN_PERMISSIONS = ["UpdateAssumeRolePolicy", "PutRolePolicy"]


def _cut_off(stack: StackDriver) -> str | None:
    """Before when sessions can do nothing, by the role's policy; None where there is no such."""
    for statement in stack.permissions()["Statement"]:
        if statement["Sid"] == "IssuedBefore":
            assert (statement["Effect"], statement["Action"]) == ("Deny", "*")
            assert statement["Resource"] == "*"
            (condition,) = statement["Condition"].items()
            assert condition[0] == "DateLessThan"
            return str(condition[1]["aws:TokenIssueTime"])
    return None


NARROWER: dict[str, dict[str, Any]] = {
    "another principal": {"principals": [OTHER_ACCOUNT]},
    "another external ID": {"external_id": "acme-5a1b9d47"},
    "networks": {"source_ips": ["203.0.113.0/24"]},
    "MFA": {"require_mfa": True},
    "an organization": {"organization_id": "o-abcdefghij"},
    "a role of the account": {"principals": [f"arn:aws:iam::{PARTNER_ACCOUNT}:role/one"]},
}


@pytest.mark.parametrize("changes", NARROWER.values(), ids=NARROWER)
def test_sessions_end_when_the_trust_narrows(stack: StackDriver, changes: dict[str, Any]) -> None:
    stack.granted()
    stack.upload(**changes)
    run = stack.run(FILE, LATER)
    assert (run.outcome, run.iam_writes) == ("updated", TRUST_THEN_PERMISSIONS)
    assert _cut_off(stack) == instant(LATER + MINUTE)
    assert stack.grant()["issued_before"] == instant(LATER + MINUTE)
    assert run.result["issued_before"] == instant(LATER + MINUTE)
    said = [
        line["text"] for line in run.result["summary"] if "assume the role again" in line["text"]
    ]
    assert len(said) == 1
    assert "2026-01-15 13:01 UTC" in said[0]


WIDER: dict[str, dict[str, Any]] = {
    "dates": {"expires_at": "2031-01-01T00:00:00Z"},
    "an earlier end": {"expires_at": "2029-01-01T00:00:00Z"},
    "a further principal": {"principals": [PARTNER_ACCOUNT, OTHER_ACCOUNT]},
    "other access": {"access": [secret_entry()]},
    "another purpose": {"purpose": "Other"},
    "an external ID more": {"external_id": ["acme-7f3b2c91", "acme-5a1b9d47"]},
    "the same external ID in a list": {"external_id": ["acme-7f3b2c91"], "purpose": "Other"},
}


@pytest.mark.parametrize("changes", WIDER.values(), ids=WIDER)
def test_no_session_ends_by_dates_or_when_the_trust_only_widens(
    stack: StackDriver, changes: dict[str, Any]
) -> None:
    stack.granted()
    stack.upload(**changes)
    assert stack.run(FILE, LATER).outcome == "updated"
    assert (_cut_off(stack), stack.grant()["issued_before"]) == (None, None)


def test_nothing_is_allowed_while_principal_and_access_are_replaced(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(principals=[OTHER_ACCOUNT], access=[secret_entry()])
    run = stack.run(FILE, LATER)
    assert run.iam_writes == ["PutRolePolicy", "UpdateAssumeRolePolicy", "PutRolePolicy"]
    first = next(c for c in run.result["changes"] if c["action"] == "PutRolePolicy")
    assert [s["Sid"] for s in first["document"]["Statement"]] == ["Suspended"]


def test_cut_off_counts_from_the_writing_not_from_the_plan(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(principals=[OTHER_ACCOUNT])
    state = stack.state(FILE)
    state["plan"] = stack.invoke("plan_grant", state, LATER)
    written = LATER + timedelta(minutes=2)
    for at in (written, written + timedelta(seconds=5)):  # tried twice
        state["applied"] = stack.invoke("grant_access", state, at)
    stack.invoke("record_outcome", state, at)
    assert _cut_off(stack) == stack.grant()["issued_before"] == instant(at + MINUTE)
    assert not any(stack.invoke("check_drift", {}, at + MINUTE).values())


def test_dry_run_says_that_sessions_will_end_and_changes_nothing(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(principals=[OTHER_ACCOUNT])
    run = stack.run({**FILE, "dry_run": True}, LATER)
    assert (run.outcome, run.iam_writes) == ("planned", [])
    assert any("nobody gets in until then" in line["text"] for line in run.result["summary"])
    assert _cut_off(stack) is None


def test_cut_off_is_kept_by_whatever_follows_until_a_later_one(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(principals=[OTHER_ACCOUNT])
    stack.run(FILE, LATER)
    kept = instant(LATER + MINUTE)
    stack.upload(principals=[OTHER_ACCOUNT], access=[secret_entry()])
    stack.run(FILE, LATER + MINUTE)
    assert _cut_off(stack) == kept
    aws("iam").update_role(RoleName=ROLE, Description="by hand")
    stack.run(CHECK, LATER + MINUTE)
    assert _cut_off(stack) == kept
    stack.run({**CHECK, "action": "suspend"}, LATER + MINUTE)
    assert stack.grant()["issued_before"] == kept
    stack.run({**CHECK, "action": "resume"}, LATER + 5 * MINUTE)
    assert _cut_off(stack) == stack.grant()["issued_before"] == instant(LATER + 6 * MINUTE)


@pytest.mark.parametrize("way", ["order", "file"])
def test_who_had_a_session_before_the_suspension_has_none_after_it(
    stack: StackDriver, way: str
) -> None:
    stack.granted()
    allowed = stack.permissions()["Statement"]
    if way == "order":
        stack.run({**CHECK, "action": "suspend"})
        run = stack.run({**CHECK, "action": "resume"}, LATER)
    else:
        stack.upload(status="suspended")
        stack.run(FILE)
        stack.upload()
        run = stack.run(FILE, LATER)
    assert run.iam_writes == ["PutRolePolicy"]
    assert stack.permissions()["Statement"][:-1] == allowed
    assert _cut_off(stack) == instant(LATER + MINUTE)


def test_sessions_end_of_a_role_that_somebody_opened_while_it_was_suspended(
    stack: StackDriver,
) -> None:
    stack.granted()
    allowed = json.dumps(stack.permissions())
    stack.run({**CHECK, "action": "suspend"})
    aws("iam").put_role_policy(RoleName=ROLE, PolicyName="latchkey-access", PolicyDocument=allowed)
    run = stack.run({**CHECK, "action": "resume"}, LATER)
    assert run.iam_writes == ["PutRolePolicy"]
    assert _cut_off(stack) == instant(LATER + MINUTE)


def test_trust_that_narrows_while_suspended_ends_sessions_too(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(status="suspended")
    stack.run(FILE)
    stack.upload(status="suspended", principals=[OTHER_ACCOUNT])
    run = stack.run(FILE, LATER)
    assert run.iam_writes == ["UpdateAssumeRolePolicy"]
    assert stack.grant()["issued_before"] == instant(LATER + MINUTE)


def test_who_got_in_by_a_hand_made_trust_is_out_when_it_is_repaired(stack: StackDriver) -> None:
    stack.granted()
    role = stack.role()
    assert role
    trust = role["AssumeRolePolicyDocument"]
    trust["Statement"].append(
        {"Effect": "Allow", "Principal": {"AWS": OTHER_ACCOUNT}, "Action": "sts:AssumeRole"}
    )
    aws("iam").update_assume_role_policy(RoleName=ROLE, PolicyDocument=json.dumps(trust))
    run = stack.run(CHECK, LATER)
    assert run.iam_writes == TRUST_THEN_PERMISSIONS
    assert _cut_off(stack) == instant(LATER + MINUTE)


def test_role_made_anew_has_no_sessions_to_end(stack: StackDriver) -> None:
    stack.granted()
    stack.upload(principals=[OTHER_ACCOUNT])
    stack.run(FILE)
    stack.remove()
    stack.run(FILE)
    stack.granted()
    assert (_cut_off(stack), stack.grant()["issued_before"]) == (None, None)
