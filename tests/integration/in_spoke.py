"""The account that a stack's grants are in: who comes in, and what functions do there."""

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.kit.examples import STACK
from tests.kit.stack.aws import aws
from tests.kit.stack.build import built_stack
from tests.kit.stack.chains import broken_chains
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.spokes import SPOKES
from tests.kit.stack.taps import refusal

SPOKE, OTHER = SPOKES
"""The account, and another that is not enrolled."""

JOBS = {"service": "sqs", "queue": "jobs", "allow": "send"}
"""What there is there only."""


class Spoke:
    """The account; `answer` is what STS says in place of a session.

    `sessions` are the calls of AssumeRole, `calls` those that functions made there.
    """

    def __init__(self, stack: StackDriver) -> None:
        self.calls: list[str] = []
        self.answer: Any = None
        self._spokes = stack.spokes
        self.sessions = stack.spokes.sessions
        stack.spokes.refuses = self._said
        stack.hears_of_clients(self._hear)
        self.owners("sqs").create_queue(QueueName="jobs")
        self.guard()

    def close(self) -> None:
        """Let nobody in any more."""
        self.answer = refusal("AccessDenied", "not authorized to perform: sts:AssumeRole", 403)

    def owners(self, service: str) -> Any:
        """A client of the account's owner, whose calls are not counted."""
        return aws(service, SPOKE)

    def guard(self, text: str | None = None, **rules: Any) -> None:
        """Replace the guardrails of the account."""
        self._spokes.guard(SPOKE, text or json.dumps({"version": 1, **rules}))

    def _said(self, account: str, call: str, _: Any) -> Any:
        return self.answer if (account, call) == (SPOKE, "sts:AssumeRole") else None

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


def role_here(name: str = "partner-acme.main") -> Any:
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
