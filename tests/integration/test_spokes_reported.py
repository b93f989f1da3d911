"""What the sandbox plays of CloudTrail and EventBridge between other accounts and the stack's."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.account import ORGANIZATION
from sandbox.api.trail import Trail
from sandbox.iam.request import Request
from tests.kit.examples import ACCOUNT
from tests.kit.stack.aws import aws
from tests.kit.stack.build import built_stack
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.spokes import SPOKES

HERE, OTHER = SPOKES
BUS = "latchkey-spoke_events"
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:latchkey-check-drift"
FORWARDER = "arn:aws:iam::*:role/latchkey-spoke-forward"


class Lambda:
    """Notes what it is invoked with."""

    class exceptions:  # noqa: N801 (boto3's name)
        TooManyRequestsException = TimeoutError

    def __init__(self) -> None:
        self.invoked: list[Any] = []

    def invoke(self, FunctionName: str, Payload: str) -> None:  # noqa: N803 (boto3's names)
        self.invoked.append((FunctionName, json.loads(Payload)))


@pytest.fixture
def stack() -> Iterator[StackDriver]:
    with built_stack(account=HERE) as stack:
        events = aws("events")
        events.create_event_bus(Name=BUS)
        pattern = {"source": ["aws.iam"], "detail-type": ["AWS API Call via CloudTrail"]}
        events.put_rule(Name=BUS, EventBusName=BUS, EventPattern=json.dumps(pattern))
        events.put_targets(Rule=BUS, EventBusName=BUS, Targets=[{"Id": "f", "Arn": FUNCTION}])
        yield stack


def _open(**changes: Any) -> None:
    statement = {
        "Sid": "SpokesForward",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "events:PutEvents",
        "Resource": f"arn:aws:events:us-east-1:{ACCOUNT}:event-bus/{BUS}",
        "Condition": {
            "ArnLike": {"aws:PrincipalArn": FORWARDER},
            "StringEquals": {"aws:PrincipalOrgID": ORGANIZATION},
        },
    }
    policy = {"Version": "2012-10-17", "Statement": [statement | changes]}
    aws("events").put_permission(EventBusName=BUS, Policy=json.dumps(policy))


def _heard(key: str, operation: str, status: int = 200, role: str = "partner-acme.main") -> Any:
    """What the function is told of a call of IAM."""
    functions = Lambda()
    request = Request(key, "iam", operation, {"RoleName": role}, "query", "")
    Trail(lambda _: functions).saw(request, status)
    time.sleep(0.05)
    return functions.invoked


def test_a_change_of_a_partner_role_there_reaches_the_stack(stack: StackDriver) -> None:
    _open()
    ((function, event),) = _heard(HERE, "PutRolePolicy")
    assert function == FUNCTION
    assert (event["account"], event["detail"]["eventName"]) == (HERE, "PutRolePolicy")
    assert event["detail"]["requestParameters"] == {"roleName": "partner-acme.main"}
    assert event["detail"]["recipientAccountId"] == HERE


@pytest.mark.parametrize(
    "given",
    [
        (HERE, "GetRole"),
        (HERE, "PutRolePolicy", 403),
        (HERE, "PutRolePolicy", 200, "somebodys"),
        (OTHER, "PutRolePolicy"),
        (ACCOUNT, "PutRolePolicy"),
    ],
)
def test_reads_refusals_other_roles_and_accounts_without_the_rule_do_not(
    stack: StackDriver, given: Any
) -> None:
    _open()
    assert _heard(*given) == []


def test_a_rule_that_is_disabled_forwards_nothing(stack: StackDriver) -> None:
    _open()
    events = aws("events", HERE)
    (rule,) = events.list_rules()["Rules"]
    events.disable_rule(Name=rule["Name"])
    assert _heard(HERE, "PutRolePolicy") == []


def test_the_stacks_own_sessions_there_do_not(stack: StackDriver) -> None:
    _open()
    arn = f"arn:aws:iam::{HERE}:role/latchkey-spoke-grant"
    held = aws("sts").assume_role(RoleArn=arn, RoleSessionName="run-1")["Credentials"]
    assert _heard(held["AccessKeyId"], "PutRolePolicy") == []


@pytest.mark.parametrize(
    "policy",
    [
        {"Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/other"}}},
        {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-anotherone00"}}},
        {"Effect": "Deny"},
    ],
)
def test_a_bus_that_does_not_let_it_in_gets_nothing(stack: StackDriver, policy: Any) -> None:
    _open(**policy)
    assert _heard(HERE, "PutRolePolicy") == []


def test_a_bus_without_a_policy_gets_nothing(stack: StackDriver) -> None:
    assert _heard(HERE, "PutRolePolicy") == []
