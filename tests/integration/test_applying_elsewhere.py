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
from tests.integration.elsewhere import (
    DENIED,
    NAME,
    REVOKE,
    SPOKE,
    SUSPEND,
    UNAVAILABLE,
    Sessions,
    granted_in_both,
    planned,
    roles,
    stored,
    there,
    watched,
)
from tests.kit.examples import ACCOUNT
from tests.kit.stack.aws import aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.taps import refusal

OWN_BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/latchkey-boundary"


@pytest.fixture
def sessions(stack: StackDriver, monkeypatch: pytest.MonkeyPatch) -> Sessions:
    """Sessions of the function that grants, suspends and revokes."""
    return watched(stack, monkeypatch)


def test_a_role_is_made_in_its_account_by_one_session_for_it(
    stack: StackDriver, sessions: Sessions
) -> None:
    stack.upload()
    state = planned(stack)
    applied = stack.invoke("grant_access", state)
    assert applied["verified"]["role"] == "as planned"
    (asked,) = sessions.asked
    assert asked["RoleArn"] == f"arn:aws:iam::{SPOKE}:role/latchkey-spoke-grant"
    assert asked["RoleSessionName"] == state["execution"]["name"]
    assert f'"arn:aws:iam::{SPOKE}:role/{NAME}"' in asked["Policy"]
    assert "iam:CreateRole" in sessions.calls
    assert (roles(there()), roles(aws("iam"))) == ([NAME], [])


def test_a_role_is_taken_away_in_its_account_and_no_other(
    stack: StackDriver, sessions: Sessions
) -> None:
    granted_in_both(stack)
    before = stack.role()
    assert stack.invoke("revoke_access", planned(stack, REVOKE))["verified"]["role"] == "absent"
    assert len(sessions.asked) == 1
    assert roles(there()) == []
    assert stack.role() == before


def test_a_role_is_suspended_in_its_account_and_no_other(
    stack: StackDriver, sessions: Sessions
) -> None:
    granted_in_both(stack)
    before = stack.permissions()
    assert stack.invoke("grant_access", planned(stack, SUSPEND))["verified"]
    found = there().get_role_policy(RoleName=NAME, PolicyName="latchkey-access")
    assert found["PolicyDocument"]["Statement"] == [
        {"Sid": "Suspended", "Effect": "Deny", "Action": "*", "Resource": "*"}
    ]
    assert stack.permissions() == before


def test_policies_are_checked_in_the_roles_account(
    stack: StackDriver, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the own one, the simulator would know no such role."""
    fine = SimpleNamespace(status_code=200)
    sessions.answers["SimulatePrincipalPolicy"] = (fine, {"EvaluationResults": []})
    sessions.answers["ValidatePolicy"] = (fine, {"findings": []})
    sessions.answers["CheckNoPublicAccess"] = (fine, {"result": "PASS"})
    monkeypatch.setenv("POLICY_CHECKS", "on")
    steps.granting_step.cache_clear()
    stack.upload()
    stack.invoke("grant_access", planned(stack))
    assert "accessanalyzer:ValidatePolicy" in sessions.calls
    assert "iam:SimulatePrincipalPolicy" in sessions.calls
    assert len(sessions.asked) == 1


def test_a_grant_of_the_own_account_has_no_session(stack: StackDriver, sessions: Sessions) -> None:
    stack.granted()
    assert stack.run(REVOKE).outcome == "revoked"
    assert (sessions.asked, sessions.calls) == ([], [])


@pytest.mark.parametrize(
    ("refused", "error"), [(DENIED, SpokeNotEnrolled), (UNAVAILABLE, SpokeUnreachable)]
)
def test_an_account_without_a_session_is_told_of_and_nothing_is_begun(
    stack: StackDriver, sessions: Sessions, refused: tuple[str, str, int], error: type[Exception]
) -> None:
    stack.upload()
    state, sessions.refused = planned(stack), refused
    stack.calls.clear()
    with pytest.raises(error, match=SPOKE):
        stack.invoke("grant_access", state)
    assert [call for call in stack.calls if not call.endswith("BatchGetItem")] == []
    assert sessions.calls == []
    lease = stack.item("LEASE#acme.main", "LEASE")
    assert lease
    assert not lease["intents"]
    assert "live" not in lease


def test_a_session_of_another_account_is_not_used(stack: StackDriver, sessions: Sessions) -> None:
    stack.upload()
    state = planned(stack)

    def own(parsed: dict[str, Any], **_: Any) -> None:
        user = parsed["AssumedRoleUser"]
        user["Arn"] = user["Arn"].replace(SPOKE, ACCOUNT)

    stack.sees("sts", "after-call.sts.AssumeRole", own)
    with pytest.raises(SpokeMismatch, match=SPOKE):
        stack.invoke("grant_access", state)
    assert sessions.calls == []
    assert roles(aws("iam")) == []


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
    stack: StackDriver, sessions: Sessions, changed: Any
) -> None:
    stack.upload()
    state = planned(stack)
    plan = json.loads(json.dumps(stack.whole_plan(state)))
    changed(plan)
    with pytest.raises(PlanContradictory, match=r"acme\.main"):
        stack.invoke("grant_access", stored(state, plan))
    assert (sessions.asked, roles(aws("iam"))) == ([], [])


@pytest.mark.parametrize("account", [ACCOUNT, SPOKE])
def test_a_plan_for_another_partition_is_carried_out_nowhere(
    stack: StackDriver, sessions: Sessions, account: str
) -> None:
    stack.upload()
    state = planned(stack)
    plan = json.loads(json.dumps(stack.whole_plan(state)).replace(SPOKE, account))
    plan["state"].update(role_arn=f"arn:aws-cn:iam::{account}:role/partners/{NAME}")
    with pytest.raises(ValueError, match="aws-cn is not the partition"):
        stack.invoke("grant_access", stored(state, plan))
    assert (sessions.asked, roles(aws("iam"))) == ([], [])


@pytest.mark.parametrize(
    ("refused", "error"), [("LimitExceeded", QuotaExceeded), ("AccessDenied", PermissionDenied)]
)
def test_what_aws_refuses_there_names_the_account(
    stack: StackDriver, sessions: Sessions, refused: str, error: type[Exception]
) -> None:
    stack.upload()
    state = planned(stack)
    sessions.answers["CreateRole"] = refusal(refused, "Cannot exceed quota for RolesPerAccount")
    with pytest.raises(error, match=f"RolesPerAccount \\(in account {SPOKE}\\)"):
        stack.invoke("grant_access", state)
