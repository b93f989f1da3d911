"""Another account on moto, beside the stack's own: what its owner has there, and who comes in."""

import json
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from latchkey.aws.spoke_sessions import SpokeCredentials
from latchkey.runtime import clients
from tests.kit.examples import STACK
from tests.kit.stack.aws import GUARDRAILS, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.taps import refusal

SPOKE, OTHER = "111122223333", "222233334444"
"""The account, and another that is not enrolled."""


class Spoke:
    """An account that is enrolled, with guardrails that allow what the stack's do.

    `sessions` are the calls of AssumeRole; `answer` is what STS says in place of a session.
    `calls` are those that the functions made there, each as `service:operation`. moto asks no
    role's trust and no policy: what spokes let in is for the end-to-end tests.
    """

    def __init__(self, stack: StackDriver, patch: pytest.MonkeyPatch) -> None:
        self.sessions: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.answer: Any = None
        self._made = clients.client_of
        stack.sees("sts", "before-parameter-build.sts.AssumeRole", self._asked)
        stack.sees("sts", "before-call.sts.AssumeRole", lambda **_: self._answer())
        patch.setattr(clients, "client_of", self._client)
        self.guard()

    def close(self) -> None:
        """Let nobody in any more."""
        self.answer = refusal("AccessDenied", "not authorized to perform: sts:AssumeRole", 403)

    def owners(self, service: str) -> Any:
        """A client of the account's owner, whose calls are not counted."""
        arn = f"arn:aws:iam::{SPOKE}:role/owner"
        held = aws("sts").assume_role(RoleArn=arn, RoleSessionName="owner")["Credentials"]
        return boto3.client(  # type: ignore[call-overload]  # any service
            service,
            aws_access_key_id=held["AccessKeyId"],
            aws_secret_access_key=held["SecretAccessKey"],
            aws_session_token=held["SessionToken"],
        )

    def guard(self, text: str | None = None, **rules: Any) -> None:
        """Replace the guardrails of the account."""
        value = text or json.dumps({"version": 1, **rules})
        parameter = {"Name": GUARDRAILS, "Type": "String", "Value": value, "Overwrite": True}
        self.owners("ssm").put_parameter(**parameter)

    def role(self, name: str = "partner-acme.main") -> dict[str, Any] | None:
        """The role as IAM has it there, or None."""
        try:
            return dict(self.owners("iam").get_role(RoleName=name)["Role"])
        except ClientError:
            return None

    def _asked(self, params: dict[str, Any], **_: Any) -> None:
        self.sessions.append(params)

    def _answer(self) -> Any:
        return self.answer

    def _client(self, service: str, credentials: SpokeCredentials) -> Any:
        made = self._made(service, credentials)
        made.meta.events.register("before-call", self._count)
        return made

    def _count(self, model: Any, **_: Any) -> None:
        self.calls.append(f"{model.service_model.service_name}:{model.name}")


def session_of_another() -> Any:
    """What STS never answers: a session in another account than was asked for."""
    arn = f"arn:aws:sts::{OTHER}:assumed-role/{STACK}-spoke-plan/run-1"
    held = {"AccessKeyId": "any", "SecretAccessKey": "any", "SessionToken": "any"}
    parsed = {"AssumedRoleUser": {"Arn": arn}, "Credentials": held, "ResponseMetadata": {}}
    return SimpleNamespace(status_code=200), parsed
