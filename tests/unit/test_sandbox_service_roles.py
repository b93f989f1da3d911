"""Functions, workflows and schedules are held to their roles; others may do everything."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from moto import mock_aws

from sandbox.account import ACCOUNT, REGION
from sandbox.iam.callers import Callers
from sandbox.iam.permission import RequiredPermission
from sandbox.iam.request import Refusal, Request
from sandbox.iam.service_roles import CannotAssume, assume

QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:mine"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:worker"
GROUP = f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule-group/mine"


@pytest.fixture(autouse=True)
def iam() -> Iterator[Any]:
    """An account of its own."""
    with mock_aws():
        yield boto3.client("iam", region_name=REGION)


@pytest.fixture
def callers() -> Callers:
    """Callers, at the time that it is."""
    return Callers(lambda: datetime.now(UTC))


def _document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _role(iam: Any, service: str, condition: dict[str, Any] | None = None) -> str:
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": condition or {},
    }
    arn = iam.create_role(RoleName=f"{service}-role", AssumeRolePolicyDocument=_document(trust))[
        "Role"
    ]["Arn"]
    allow = {"Effect": "Allow", "Action": "sqs:ReceiveMessage", "Resource": QUEUE}
    document = _document(allow)
    iam.put_role_policy(RoleName=f"{service}-role", PolicyName="p", PolicyDocument=document)
    return str(arn)


def _ask(callers: Callers, key: str, action: str, resource: str = QUEUE) -> None:
    service, _, operation = action.partition(":")
    request = Request(key, service, operation, {}, "json", "127.0.0.1")
    callers.check(request, [RequiredPermission(action, resource)])


def test_function_may_do_what_its_role_allows_and_nothing_else(iam: Any, callers: Callers) -> None:
    key = assume("lambda", _role(iam, "lambda"), "WorkerFunction", FUNCTION)
    _ask(callers, key, "sqs:ReceiveMessage")
    for action, resource in (("sqs:SendMessage", QUEUE), ("sqs:ReceiveMessage", f"{QUEUE}2")):
        with pytest.raises(Refusal, match=f"assumed-role/lambda-role/worker is not .* {action}"):
            _ask(callers, key, action, resource)
    assert callers.name(key) == "WorkerFunction"


def test_policy_that_changes_counts_from_the_next_call_on(iam: Any, callers: Callers) -> None:
    key = assume("lambda", _role(iam, "lambda"), "WorkerFunction", FUNCTION)
    iam.delete_role_policy(RoleName="lambda-role", PolicyName="p")
    with pytest.raises(Refusal):
        _ask(callers, key, "sqs:ReceiveMessage")


def test_workflow_may_invoke_the_functions_of_its_role_only(iam: Any, callers: Callers) -> None:
    key = assume("states", _role(iam, "states"), "Workflow", "workflow")
    with pytest.raises(Refusal, match="lambda:InvokeFunction"):
        callers.invoke(key, FUNCTION)
    allow = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": FUNCTION}
    document = _document(allow)
    iam.put_role_policy(RoleName="states-role", PolicyName="q", PolicyDocument=document)
    callers.invoke(key, FUNCTION)


def test_service_cannot_assume_a_role_that_trusts_another(iam: Any) -> None:
    with pytest.raises(CannotAssume, match=r"states\.amazonaws\.com cannot assume"):
        assume("states", _role(iam, "lambda"), "Workflow", "workflow")
    with pytest.raises(CannotAssume):
        assume("lambda", f"arn:aws:iam::{ACCOUNT}:role/nobody", "WorkerFunction", FUNCTION)


@pytest.mark.parametrize(("source", "works"), [(GROUP, True), (f"{GROUP}2", False)])
def test_trust_asks_for_what_the_service_acts_for(iam: Any, source: str, works: bool) -> None:
    condition = {"StringEquals": {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": GROUP}}
    arn = _role(iam, "scheduler", condition)
    if works:
        assert assume("scheduler", arn, "Schedule", source)
    else:
        with pytest.raises(CannotAssume):
            assume("scheduler", arn, "Schedule", source)


def test_keys_that_nobody_gave_out_are_an_administrators(callers: Callers) -> None:
    _ask(callers, "any-key-at-all", "iam:CreateUser", "*")
    assert callers.name("any-key-at-all") == "outside"
