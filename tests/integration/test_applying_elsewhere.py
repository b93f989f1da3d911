"""Carrying out plans for roles of other accounts: there and nowhere else, by one session."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from latchkey.errors import (
    PermissionDenied,
    PlanContradictory,
    QuotaExceeded,
    SpokeMismatch,
    SpokeNotEnrolled,
    SpokeUnreachable,
)
from latchkey.runtime.wiring import steps
from tests.integration.in_spoke import (
    DENIED,
    NAME,
    REVOKE,
    SPOKE,
    SUSPEND,
    UNAVAILABLE,
    Spoke,
    granted_in_both,
    planned,
    policy_here,
    role_here,
    roles,
    spoke,
    stack,
)
from tests.kit.examples import ACCOUNT
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.taps import refusal

__all__ = ["spoke", "stack"]

OWN_BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/latchkey-boundary"


def test_a_role_is_made_in_its_account_by_one_session_for_it(
    stack: StackDriver, spoke: Spoke
) -> None:
    stack.upload()
    state = planned(stack, spoke)
    applied = stack.invoke("grant_access", state)
    assert applied["verified"]["role"] == "as planned"
    (asked,) = spoke.sessions
    assert asked["RoleArn"] == f"arn:aws:iam::{SPOKE}:role/latchkey-spoke-grant"
    assert asked["RoleSessionName"] == state["execution"]["name"]
    assert f'"arn:aws:iam::{SPOKE}:role/{NAME}"' in asked["Policy"]
    assert "iam:CreateRole" in spoke.calls
    assert (roles(SPOKE), roles(ACCOUNT)) == ([NAME], [])


def test_a_role_is_taken_away_in_its_account_and_no_other(stack: StackDriver, spoke: Spoke) -> None:
    granted_in_both(stack)
    before = role_here()
    assert (
        stack.invoke("revoke_access", planned(stack, spoke, REVOKE))["verified"]["role"] == "absent"
    )
    assert len(spoke.sessions) == 1
    assert roles(SPOKE) == []
    assert role_here() == before


def test_a_role_is_suspended_in_its_account_and_no_other(stack: StackDriver, spoke: Spoke) -> None:
    granted_in_both(stack)
    before = policy_here()
    assert stack.invoke("grant_access", planned(stack, spoke, SUSPEND))["verified"]
    assert stack.permissions()["Statement"] == [
        {"Sid": "Suspended", "Effect": "Deny", "Action": "*", "Resource": "*"}
    ]
    assert policy_here() == before


def test_policies_are_checked_in_the_roles_account(
    stack: StackDriver, spoke: Spoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the own one, the simulator would know no such role."""
    fine = SimpleNamespace(status_code=200)
    spoke.answers["SimulatePrincipalPolicy"] = (fine, {"EvaluationResults": []})
    spoke.answers["ValidatePolicy"] = (fine, {"findings": []})
    spoke.answers["CheckNoPublicAccess"] = (fine, {"result": "PASS"})
    monkeypatch.setenv("POLICY_CHECKS", "on")
    steps.granting_step.cache_clear()
    stack.upload()
    stack.invoke("grant_access", planned(stack, spoke))
    assert "accessanalyzer:ValidatePolicy" in spoke.calls
    assert "iam:SimulatePrincipalPolicy" in spoke.calls
    assert len(spoke.sessions) == 1


def test_a_grant_of_the_own_account_has_no_session(stack: StackDriver, spoke: Spoke) -> None:
    stack.account = ACCOUNT
    stack.granted()
    assert stack.run(REVOKE).outcome == "revoked"
    assert (spoke.sessions, spoke.calls) == ([], [])


@pytest.mark.parametrize(
    ("refused", "error"), [(DENIED, SpokeNotEnrolled), (UNAVAILABLE, SpokeUnreachable)]
)
def test_an_account_without_a_session_is_told_of_and_nothing_is_begun(
    stack: StackDriver, spoke: Spoke, refused: tuple[str, str, int], error: type[Exception]
) -> None:
    stack.upload()
    state, spoke.answer = planned(stack, spoke), refusal(*refused)
    stack.calls.clear()
    with pytest.raises(error, match=SPOKE):
        stack.invoke("grant_access", state)
    assert [call for call in stack.calls if not call.endswith("BatchGetItem")] == []
    assert spoke.calls == []
    lease = stack.item("LEASE#acme.main", "LEASE")
    assert lease
    assert not lease["intents"]
    assert "live" not in lease


def test_a_session_of_another_account_is_not_used(stack: StackDriver, spoke: Spoke) -> None:
    stack.upload()
    state = planned(stack, spoke)

    def own(parsed: dict[str, Any], **_: Any) -> None:
        user = parsed["AssumedRoleUser"]
        user["Arn"] = user["Arn"].replace(SPOKE, ACCOUNT)

    stack.sees("sts", "after-call.sts.AssumeRole", own)
    with pytest.raises(SpokeMismatch, match=SPOKE):
        stack.invoke("grant_access", state)
    assert spoke.calls == []
    assert roles(ACCOUNT) == []


@pytest.mark.parametrize(
    "changed",
    [
        lambda plan: plan["state"].update(role_arn=f"arn:aws:iam::{ACCOUNT}:role/partners/{NAME}"),
        lambda plan: plan["state"].update(role_arn=f"arn:aws:iam::{SPOKE}:user/{NAME}"),
        lambda plan: plan["state"].update(role_arn=f"arn:aws:sts::{SPOKE}:role/{NAME}"),
        lambda plan: plan["state"].update(role_arn=None),
        lambda plan: plan.update(state=None),
        lambda plan: plan["desired"].update(boundary_arn=OWN_BOUNDARY),
        lambda plan: plan["desired"].update(own_boundaries=[OWN_BOUNDARY]),
        lambda plan: plan["desired"].update(name="partner-globex.main"),
        lambda plan: plan.update(role="partner-globex.main"),
        lambda plan: plan["changes"][1].update(boundary_arn=OWN_BOUNDARY),
        lambda plan: plan["changes"][2].update(role="partner-globex.main"),
    ],
)
def test_a_plan_that_contradicts_itself_about_its_role_is_refused(
    stack: StackDriver, spoke: Spoke, changed: Any
) -> None:
    stack.upload()
    state = planned(stack, spoke)
    plan = json.loads(json.dumps(stack.whole_plan(state)))
    changed(plan)
    with pytest.raises(PlanContradictory, match=r"acme\.main"):
        stack.invoke("grant_access", stack.with_plan(state, **plan))
    assert (spoke.sessions, roles(ACCOUNT)) == ([], [])


@pytest.mark.parametrize("account", [ACCOUNT, SPOKE])
def test_a_plan_for_another_partition_is_carried_out_nowhere(
    stack: StackDriver, spoke: Spoke, account: str
) -> None:
    stack.upload()
    state = planned(stack, spoke)
    plan = json.loads(json.dumps(stack.whole_plan(state)).replace(SPOKE, account))
    plan["state"].update(role_arn=f"arn:aws-cn:iam::{account}:role/partners/{NAME}")
    with pytest.raises(ValueError, match="aws-cn is not the partition"):
        stack.invoke("grant_access", stack.with_plan(state, **plan))
    assert (spoke.sessions, roles(ACCOUNT)) == ([], [])


@pytest.mark.parametrize(
    ("refused", "error"), [("LimitExceeded", QuotaExceeded), ("AccessDenied", PermissionDenied)]
)
def test_what_aws_refuses_there_names_the_account(
    stack: StackDriver, spoke: Spoke, refused: str, error: type[Exception]
) -> None:
    stack.upload()
    state = planned(stack, spoke)
    spoke.answers["CreateRole"] = refusal(refused, "Cannot exceed quota for RolesPerAccount")
    with pytest.raises(error, match=f"RolesPerAccount \\(in account {SPOKE}\\)"):
        stack.invoke("grant_access", state)
