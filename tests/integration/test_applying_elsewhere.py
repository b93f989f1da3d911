"""Carrying out plans for roles of other accounts: there and nowhere else, by one session."""

import json
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from latchkey.errors import (
    PermissionDenied,
    PlanContradictory,
    QuotaExceeded,
    SpokeMismatch,
    SpokeNotEnrolled,
    SpokeUnreachable,
)
from latchkey.grants.plan import GrantPlan
from latchkey.runtime import clients
from latchkey.runtime.wiring import steps
from tests.kit.examples import ACCOUNT, NOW
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.taps import refusal

SPOKE = "111122223333"
NAME = "partner-acme.main"
REVOKE = {"action": "revoke", "partner": "acme", "grant": "main"}
SUSPEND = {**REVOKE, "action": "suspend"}
DENIED = ("AccessDenied", "not authorized to perform: sts:AssumeRole", 403)
UNAVAILABLE = ("ServiceUnavailable", "try later", 503)
OWN_BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/latchkey-boundary"


class Sessions:
    """What the functions ask STS for, and call in the other account."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.refused: tuple[str, str, int] | None = None
        self.answers: dict[str, Any] = {}

    def asks(self, params: dict[str, Any], **_: Any) -> Any:
        self.asked.append(params["body"])
        return refusal(*self.refused) if self.refused else None

    def called(self, model: Any, **_: Any) -> Any:
        self.calls.append(f"{model.service_model.service_name}:{model.name}")
        return self.answers.get(model.name)


@pytest.fixture
def sessions(stack: StackDriver, monkeypatch: pytest.MonkeyPatch) -> Sessions:
    """Watched sessions of the function that grants, suspends and revokes."""
    seen, made = Sessions(), clients.client_of
    stack.sees("sts", "before-call.sts.AssumeRole", seen.asks)

    def client_of(service: str, credentials: Any) -> Any:
        found = made(service, credentials)
        found.meta.events.register("before-call", seen.called)
        return found

    monkeypatch.setattr(clients, "client_of", client_of)
    return seen


def _there() -> Any:
    """A client of the tests' own in the other account."""
    arn = f"arn:aws:iam::{SPOKE}:role/any"
    held = aws("sts").assume_role(RoleArn=arn, RoleSessionName="tests")["Credentials"]
    return boto3.client(
        "iam",
        aws_access_key_id=held["AccessKeyId"],
        aws_secret_access_key=held["SecretAccessKey"],
        aws_session_token=held["SessionToken"],
    )


def _roles(iam: Any) -> list[str]:
    return [role["RoleName"] for role in iam.list_roles(PathPrefix="/partners/")["Roles"]]


def _stored(state: dict[str, Any], document: Any) -> dict[str, Any]:
    """The state with another plan."""
    plan, run = GrantPlan.from_document(document), state["execution"]["name"]
    data = steps.record_step().data
    return {**state, "plan": data.keep_plan(plan, run, NOW).document()}


def _planned(stack: StackDriver, request: Any = FILE) -> dict[str, Any]:
    """A run's state with its plan for the other account, as if planned there."""
    state = stack.state(request)
    state["plan"] = stack.invoke("plan_grant", state)
    text = json.dumps(stack.whole_plan(state))
    for kind in ("role", "policy"):
        text = text.replace(f":{ACCOUNT}:{kind}/", f":{SPOKE}:{kind}/")
    return _stored(state, json.loads(text))


def _granted_in_both(stack: StackDriver) -> None:
    """A grant's role in both accounts, so that whoever works in the wrong one finds something."""
    stack.granted()
    found = aws("iam").get_role(RoleName=NAME)["Role"]
    _there().create_role(
        RoleName=NAME,
        Path=found["Path"],
        Description=found["Description"],
        MaxSessionDuration=found["MaxSessionDuration"],
        AssumeRolePolicyDocument=json.dumps(found["AssumeRolePolicyDocument"]),
        PermissionsBoundary=f"arn:aws:iam::{SPOKE}:policy/latchkey-boundary",
        Tags=found["Tags"],
    )
    text = json.dumps(stack.permissions())
    _there().put_role_policy(RoleName=NAME, PolicyName="latchkey-access", PolicyDocument=text)


def test_a_role_is_made_in_its_account_by_one_session_for_it(
    stack: StackDriver, sessions: Sessions
) -> None:
    stack.upload()
    state = _planned(stack)
    applied = stack.invoke("grant_access", state)
    assert applied["verified"]["role"] == "as planned"
    (asked,) = sessions.asked
    assert asked["RoleArn"] == f"arn:aws:iam::{SPOKE}:role/latchkey-spoke-grant"
    assert asked["RoleSessionName"] == state["execution"]["name"]
    assert f'"arn:aws:iam::{SPOKE}:role/{NAME}"' in asked["Policy"]
    assert "iam:CreateRole" in sessions.calls
    assert (_roles(_there()), _roles(aws("iam"))) == ([NAME], [])


def test_a_role_is_taken_away_in_its_account_and_no_other(
    stack: StackDriver, sessions: Sessions
) -> None:
    _granted_in_both(stack)
    before = stack.role()
    assert stack.invoke("revoke_access", _planned(stack, REVOKE))["verified"]["role"] == "absent"
    assert len(sessions.asked) == 1
    assert _roles(_there()) == []
    assert stack.role() == before


def test_a_role_is_suspended_in_its_account_and_no_other(
    stack: StackDriver, sessions: Sessions
) -> None:
    _granted_in_both(stack)
    before = stack.permissions()
    assert stack.invoke("grant_access", _planned(stack, SUSPEND))["verified"]
    found = _there().get_role_policy(RoleName=NAME, PolicyName="latchkey-access")
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
    stack.invoke("grant_access", _planned(stack))
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
    state, sessions.refused = _planned(stack), refused
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
    state = _planned(stack)

    def own(parsed: dict[str, Any], **_: Any) -> None:
        user = parsed["AssumedRoleUser"]
        user["Arn"] = user["Arn"].replace(SPOKE, ACCOUNT)

    stack.sees("sts", "after-call.sts.AssumeRole", own)
    with pytest.raises(SpokeMismatch, match=SPOKE):
        stack.invoke("grant_access", state)
    assert sessions.calls == []
    assert _roles(aws("iam")) == []


@pytest.mark.parametrize(
    "changed",
    [
        lambda plan: plan["state"].update(role_arn=f"arn:aws:iam::{ACCOUNT}:role/partners/{NAME}"),
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
    state = _planned(stack)
    plan = json.loads(json.dumps(stack.whole_plan(state)))
    changed(plan)
    with pytest.raises(PlanContradictory, match=r"acme\.main"):
        stack.invoke("grant_access", _stored(state, plan))
    assert (sessions.asked, _roles(aws("iam"))) == ([], [])


@pytest.mark.parametrize(
    ("refused", "error"), [("LimitExceeded", QuotaExceeded), ("AccessDenied", PermissionDenied)]
)
def test_what_aws_refuses_there_names_the_account(
    stack: StackDriver, sessions: Sessions, refused: str, error: type[Exception]
) -> None:
    stack.upload()
    state = _planned(stack)
    sessions.answers["CreateRole"] = refusal(refused, "Cannot exceed quota for RolesPerAccount")
    with pytest.raises(error, match=f"RolesPerAccount \\(in account {SPOKE}\\)"):
        stack.invoke("grant_access", state)
