"""Roles in another account: the sessions that functions get there, and plans as if made there."""

import json
from datetime import datetime
from typing import Any

import boto3
import pytest

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


def watched(stack: StackDriver, monkeypatch: pytest.MonkeyPatch) -> Sessions:
    """Sessions of the functions, watched."""
    seen, made = Sessions(), clients.client_of
    stack.sees("sts", "before-call.sts.AssumeRole", seen.asks)

    def client_of(service: str, credentials: Any) -> Any:
        found = made(service, credentials)
        found.meta.events.register("before-call", seen.called)
        return found

    monkeypatch.setattr(clients, "client_of", client_of)
    return seen


def there() -> Any:
    """A client of the tests' own in the other account."""
    arn = f"arn:aws:iam::{SPOKE}:role/any"
    held = aws("sts").assume_role(RoleArn=arn, RoleSessionName="tests")["Credentials"]
    return boto3.client(
        "iam",
        aws_access_key_id=held["AccessKeyId"],
        aws_secret_access_key=held["SecretAccessKey"],
        aws_session_token=held["SessionToken"],
    )


def roles(iam: Any) -> list[str]:
    return [role["RoleName"] for role in iam.list_roles(PathPrefix="/partners/")["Roles"]]


def stored(state: dict[str, Any], document: Any) -> dict[str, Any]:
    """The state with another plan."""
    plan, run = GrantPlan.from_document(document), state["execution"]["name"]
    data = steps.record_step().data
    return {**state, "plan": data.keep_plan(plan, run, NOW).document()}


def planned(stack: StackDriver, request: Any = FILE, now: datetime = NOW) -> dict[str, Any]:
    """A run's state with its plan for the other account, as if planned there."""
    state = stack.state(request)
    state["plan"] = stack.invoke("plan_grant", state, now)
    text = json.dumps(stack.whole_plan(state))
    for kind in ("role", "policy"):
        text = text.replace(f":{ACCOUNT}:{kind}/", f":{SPOKE}:{kind}/")
    return stored(state, json.loads(text))


def granted_in_both(stack: StackDriver) -> None:
    """A grant's role in both accounts, so that whoever works in the wrong one finds something."""
    stack.granted()
    found = aws("iam").get_role(RoleName=NAME)["Role"]
    there().create_role(
        RoleName=NAME,
        Path=found["Path"],
        Description=found["Description"],
        MaxSessionDuration=found["MaxSessionDuration"],
        AssumeRolePolicyDocument=json.dumps(found["AssumeRolePolicyDocument"]),
        PermissionsBoundary=f"arn:aws:iam::{SPOKE}:policy/latchkey-boundary",
        Tags=found["Tags"],
    )
    text = json.dumps(stack.permissions())
    there().put_role_policy(RoleName=NAME, PolicyName="latchkey-access", PolicyDocument=text)
