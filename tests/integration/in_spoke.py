"""The account that a stack's grants are in: who comes in, and what functions do there."""

import json
from collections.abc import Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.kit.examples import NOW, STACK
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.build import built_stack
from tests.kit.stack.chains import broken_chains
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.spokes import SPOKES
from tests.kit.stack.taps import refusal

SPOKE, OTHER = SPOKES
"""The account, and another that is not enrolled."""

NAME = "partner-acme.main"
REVOKE = {"action": "revoke", "partner": "acme", "grant": "main"}
SUSPEND = {**REVOKE, "action": "suspend"}
DENIED = ("AccessDenied", "not authorized to perform: sts:AssumeRole", 403)
UNAVAILABLE = ("ServiceUnavailable", "try later", 503)
"""What STS says in place of a session, for `refusal`."""

JOBS = {"service": "sqs", "queue": "jobs", "allow": "send"}
"""What there is there only."""


class Spoke:
    """The account; `answer` is what STS says in place of a session, `answers` what others say.

    These are by operation. `sessions` are the calls of AssumeRole, `calls` those that functions
    made there.
    """

    def __init__(self, stack: StackDriver) -> None:
        self.calls: list[str] = []
        self.answer: Any = None
        self.answers: dict[str, Any] = {}
        self._spokes = stack.spokes
        self.sessions = stack.spokes.sessions
        stack.spokes.refuses = self._said
        stack.hears_of_clients(self._hear)
        self.owners("sqs").create_queue(QueueName="jobs")
        self.guard()

    def close(self) -> None:
        """Let nobody in any more."""
        self.answer = refusal(*DENIED)

    def owners(self, service: str) -> Any:
        """A client of the account's owner, whose calls are not counted."""
        return aws(service, SPOKE)

    def guard(self, text: str | None = None, **rules: Any) -> None:
        """Replace the guardrails of the account."""
        self._spokes.guard(SPOKE, text or json.dumps({"version": 1, **rules}))

    def _said(self, account: str, call: str, _: Any) -> Any:
        if account != SPOKE:
            return None
        return self.answer if call == "sts:AssumeRole" else self.answers.get(call.split(":")[1])

    def _hear(self, account: str, _: str, client: Any) -> None:
        def count(model: Any, **_: Any) -> None:
            self.calls.append(f"{model.service_model.service_name}:{model.name}")

        if account == SPOKE:
            client.meta.events.register("before-call", count)


@pytest.fixture
def stack() -> Iterator[StackDriver]:
    """A stack whose grants are in another account."""
    with built_stack(account=SPOKE) as stack:
        yield stack
        assert not broken_chains(stack.items())


@pytest.fixture
def spoke(stack: StackDriver) -> Spoke:
    """That account."""
    return Spoke(stack)


def planned(
    stack: StackDriver, spoke: Spoke, request: Any = FILE, now: datetime = NOW
) -> dict[str, Any]:
    """A run's state with its plan; sessions and calls there are those that come after it."""
    state = stack.state(request)
    state["plan"] = stack.invoke("plan_grant", state, now)
    spoke.sessions.clear()
    spoke.calls.clear()
    return state


def granted_in_both(stack: StackDriver) -> None:
    """A grant's role in both accounts, so that whoever works in the wrong one finds something."""
    stack.granted()
    found = stack.role()
    assert found
    aws("iam").create_role(
        RoleName=NAME,
        Path=found["Path"],
        Description=found["Description"],
        MaxSessionDuration=found["MaxSessionDuration"],
        AssumeRolePolicyDocument=json.dumps(found["AssumeRolePolicyDocument"]),
        Tags=found["Tags"],
    )
    text = json.dumps(stack.permissions())
    aws("iam").put_role_policy(RoleName=NAME, PolicyName="latchkey-access", PolicyDocument=text)


def policy_here() -> Any:
    """The permissions policy of the role of that name in the stack's own account."""
    found = aws("iam").get_role_policy(RoleName=NAME, PolicyName="latchkey-access")
    return found["PolicyDocument"]


def roles(account: str) -> list[str]:
    """The names of the partner roles in an account."""
    found = aws("iam", account).list_roles(PathPrefix="/partners/")["Roles"]
    return [role["RoleName"] for role in found]


def role_here(name: str = NAME) -> Any:
    """The role of that name in the stack's own account, or None."""
    try:
        return aws("iam").get_role(RoleName=name)["Role"]
    except ClientError:
        return None


def session_of_another() -> Any:
    """What STS never answers: a session in another account than was asked for."""
    arn = f"arn:aws:sts::{OTHER}:assumed-role/{STACK}-spoke-plan/run-1"
    held = {"AccessKeyId": "any", "SecretAccessKey": "any", "SessionToken": "any"}
    parsed = {"AssumedRoleUser": {"Arn": arn}, "Credentials": held, "ResponseMetadata": {}}
    return SimpleNamespace(status_code=200), parsed
