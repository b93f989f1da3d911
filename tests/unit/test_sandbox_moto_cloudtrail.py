"""CloudTrail's event history, as the sandbox plays it; see `test_sandbox_moto_fixes`."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from sandbox.account import ACCOUNT, REGION
from sandbox.iam.service_roles import assume
from sandbox.moto_fixes.cloudtrail import look_up_events, record_who_starts_executions
from sandbox.moto_fixes.replacing import plain_moto

ROLE = f"arn:aws:iam::{ACCOUNT}:role/starter"
PASS = {"StartAt": "Only", "States": {"Only": {"Type": "Pass", "End": True}}}
DAY = datetime(2026, 1, 1, tzinfo=UTC)
STARTED = [{"AttributeKey": "EventName", "AttributeValue": "StartExecution"}]


@pytest.fixture(autouse=True)
def aws() -> Iterator[Callable[..., Any]]:
    """Clients of moto without fixes, as nobody or with the keys of somebody."""

    def client(service: str, **keys: str) -> Any:
        return boto3.client(service, region_name=REGION, **keys)  # type: ignore[call-overload]

    with plain_moto(), mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        yield client


def _start(aws: Callable[..., Any], name: str, **keys: str) -> str:
    machines = aws("stepfunctions").list_state_machines()["stateMachines"]
    arn = (
        machines[0]["stateMachineArn"]
        if machines
        else aws("stepfunctions").create_state_machine(
            name="machine", definition=json.dumps(PASS), roleArn=ROLE
        )["stateMachineArn"]
    )
    starting = aws("stepfunctions", **keys).start_execution(stateMachineArn=arn, name=name)
    return str(starting["executionArn"])


def _session(aws: Callable[..., Any], name: str) -> dict[str, str]:
    aws("iam").create_role(RoleName="starter", AssumeRolePolicyDocument="{}")
    keys = aws("sts").assume_role(RoleArn=ROLE, RoleSessionName=name)["Credentials"]
    return {
        "aws_access_key_id": keys["AccessKeyId"],
        "aws_secret_access_key": keys["SecretAccessKey"],
        "aws_session_token": keys["SessionToken"],
    }


def test_look_up_events(aws: Callable[..., Any]) -> None:
    with pytest.raises(NotImplementedError):
        aws("cloudtrail").lookup_events()


def test_record_who_starts_executions(aws: Callable[..., Any]) -> None:
    look_up_events()
    _start(aws, "one")
    assert aws("cloudtrail").lookup_events()["Events"] == []


def test_the_event_names_the_execution_and_who_started_it(aws: Callable[..., Any]) -> None:
    record_who_starts_executions()
    look_up_events()
    keys = _session(aws, "alice")
    arn = _start(aws, "one", **keys)
    (event,) = aws("cloudtrail").lookup_events(LookupAttributes=STARTED)["Events"]
    record = json.loads(event["CloudTrailEvent"])
    assert (event["EventName"], event["EventSource"]) == ("StartExecution", "states.amazonaws.com")
    assert event["Username"] == "alice"
    assert record["responseElements"]["executionArn"] == arn
    assert record["requestParameters"]["name"] == "one"
    told = record["userIdentity"]
    assert told["type"] == "AssumedRole"
    me = aws("sts", **keys).get_caller_identity()
    assert (told["arn"], told["principalId"]) == (me["Arn"], me["UserId"])
    assert told["sessionContext"]["sessionIssuer"]["arn"] == ROLE
    assert "invokedBy" not in told


def test_a_service_starts_under_its_role(aws: Callable[..., Any]) -> None:
    record_who_starts_executions()
    look_up_events()
    trust = {"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}}
    document = json.dumps({"Statement": [{**trust, "Action": "sts:AssumeRole"}]})
    aws("iam").create_role(RoleName="starter", AssumeRolePolicyDocument=document)
    key = assume("states", ROLE, "Starter", ROLE)
    _start(aws, "one", aws_access_key_id=key, aws_secret_access_key="any")
    (event,) = aws("cloudtrail").lookup_events()["Events"]
    told = json.loads(event["CloudTrailEvent"])["userIdentity"]
    assert told["sessionContext"]["sessionIssuer"]["arn"] == ROLE
    assert told["invokedBy"] == "states.amazonaws.com"


def test_newest_comes_first_a_page_at_a_time_and_within_the_times(aws: Callable[..., Any]) -> None:
    record_who_starts_executions()
    look_up_events()
    for number in range(3):
        _start(aws, f"run-{number}")
    client = aws("cloudtrail")
    first = client.lookup_events(LookupAttributes=STARTED, MaxResults=2)
    rest = {"LookupAttributes": STARTED, "MaxResults": 2, "NextToken": first["NextToken"]}
    second = client.lookup_events(**rest)
    assert [len(page["Events"]) for page in (first, second)] == [2, 1]
    assert "NextToken" not in second
    with pytest.raises(ClientError, match="InvalidNextToken"):
        client.lookup_events(NextToken=first["NextToken"])
    now = datetime.now(UTC)
    assert not client.lookup_events(StartTime=now + timedelta(minutes=1))["Events"]
    assert not client.lookup_events(EndTime=now - timedelta(minutes=1))["Events"]
    other = [{"AttributeKey": "ResourceName", "AttributeValue": "run-0"}]
    assert not client.lookup_events(LookupAttributes=other)["Events"]
    elsewhere = boto3.client("cloudtrail", region_name="eu-west-1")
    assert not elsewhere.lookup_events()["Events"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"LookupAttributes": STARTED * 2}, "InvalidLookupAttributes"),
        (
            {
                "StartTime": datetime(2026, 1, 2, tzinfo=UTC),
                "EndTime": datetime(2026, 1, 1, tzinfo=UTC),
            },
            "InvalidTimeRange",
        ),
    ],
)
def test_lookups_are_refused_as_the_api_reference_says(
    aws: Callable[..., Any], given: dict[str, Any], code: str
) -> None:
    look_up_events()
    with pytest.raises(ClientError, match=code):
        aws("cloudtrail").lookup_events(**given)
