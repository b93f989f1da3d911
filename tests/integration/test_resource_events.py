"""What CloudTrail tells of resources has the live grants on them looked at again at once."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.integration.preflight import FORMS, NAME, entry_for, make_key
from tests.integration.test_world import GO
from tests.kit.examples import NOW
from tests.kit.resources import MAKE
from tests.kit.stack.aws import CONFIG_BUCKET, aws
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.machine import reconciliation

QUEUE_URL = f"https://sqs.us-east-1.amazonaws.com/123456789012/{NAME}"
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "s3": ("DeleteBucket", {"bucketName": NAME, "Host": f"{NAME}.s3.us-east-1.amazonaws.com"}),
    "secretsmanager": ("DeleteSecret", {"secretId": NAME, "recoveryWindowInDays": 7}),
    "sqs": ("DeleteQueue", {"queueUrl": QUEUE_URL}),
    "sns": ("DeleteTopic", {"topicArn": FORMS["sns"][3]}),
    "dynamodb": ("DeleteTable", {"tableName": NAME}),
    "lambda": ("DeleteFunction20150331", {"functionName": NAME}),
    "events": ("DeleteEventBus", {"name": NAME}),
    "kinesis": ("DeleteStream", {"streamName": NAME}),
    "states": ("DeleteStateMachine", {"stateMachineArn": FORMS["states"][3]}),
    "logs": ("DeleteLogGroup", {"logGroupName": NAME}),
    "firehose": ("DeleteDeliveryStream", {"deliveryStreamName": NAME}),
    "sagemaker": ("DeleteEndpoint", {"endpointName": NAME}),
    "ecr": ("DeleteRepository", {"repositoryName": NAME, "force": True}),
}
"""The call by which a resource goes, with its parameters as CloudTrail has them."""


def _event(service: str, name: str, given: Any, **detail: Any) -> dict[str, Any]:
    return {
        "detail-type": "AWS API Call via CloudTrail",
        "source": f"aws.{service}",
        "detail": {
            "eventSource": f"{service}.amazonaws.com",
            "eventName": name,
            "eventTime": "2026-01-15T12:30:00Z",
            "eventID": "5c1f7a52-0f2b-4b0e-9a39-6f1d6c1f9a11",
            "userIdentity": {"arn": "arn:aws:sts::123456789012:assumed-role/admin/alice"},
            "requestParameters": given,
            **detail,
        },
    }


def _granted(stack: StackDriver, service: str, key: str | None = None, **changes: Any) -> None:
    MAKE[service](aws, NAME, key)
    stack.granted(access=[entry_for(service)], **changes)


@pytest.mark.parametrize("service", CALLS)
def test_resource_that_goes_is_told_at_once(stack: StackDriver, service: str) -> None:
    _granted(stack, service)
    GO[service]()
    event = _event(service, *CALLS[service])
    assert stack.invoke("check_drift", event) == {"started": ["acme.main"]}
    stack.invoke("check_drift", event)
    (request,) = stack.executions().values()  # an event comes twice
    run = stack.run(request)
    assert "is gone" in run.result["problems"][0]["message"]
    assert f"admin/alice called {CALLS[service][0]}" in request["reason"]


def test_names_of_calls_are_all_tried() -> None:
    assert CALLS.keys() == GO.keys()


@pytest.mark.parametrize("name", ["PutKeyPolicy", "ScheduleKeyDeletion", "DisableKey"])
def test_key_behind_a_resource_is_watched_too(stack: StackDriver, name: str) -> None:
    key = make_key()
    _granted(stack, "sqs", key)
    for given in ({"keyId": key}, {"keyId": key.rpartition("/")[2]}):
        event = _event("kms", name, given, eventID=f"{name}-{given['keyId']}")
        assert stack.invoke("check_drift", event) == {"started": ["acme.main"]}


def test_secret_that_is_made_anew_is_followed(stack: StackDriver) -> None:
    _granted(stack, "secretsmanager")
    GO["secretsmanager"]()
    MAKE["secretsmanager"](aws, NAME, None)
    new = aws("secretsmanager").describe_secret(SecretId=NAME)["ARN"]
    stack.invoke("check_drift", _event("secretsmanager", "CreateSecret", {"name": NAME}))
    (request,) = stack.executions().values()
    assert stack.run(request).outcome == "updated"
    assert stack.permissions()["Statement"][0]["Resource"] == [new]


@pytest.mark.parametrize(
    "changes",
    [
        {"errorCode": "AccessDenied"},
        {"eventName": "GetQueueAttributes"},
        {"eventSource": "ec2.amazonaws.com"},
        {"eventID": None},
        {"requestParameters": None},
        {"requestParameters": {"queueUrl": f"{QUEUE_URL}-of-others"}},
        {"requestParameters": {"queueUrl": "*"}},
        {"requestParameters": {"queueUrl": [["\u202e", {"a": {"b": [NAME]}}], 7]}},
    ],
)
def test_what_concerns_no_grant_starts_nothing(stack: StackDriver, changes: Any) -> None:
    _granted(stack, "sqs")
    event = _event("sqs", *CALLS["sqs"])
    event["detail"].update(changes)
    assert stack.invoke("check_drift", event) == {"started": []}


def test_grant_that_has_ended_is_left_alone(stack: StackDriver) -> None:
    _granted(stack, "sqs")
    stack.run({"action": "revoke", "partner": "acme", "grant": "main", "reason": "r"})
    assert stack.invoke("check_drift", _event("sqs", *CALLS["sqs"])) == {"started": []}


def test_many_grants_on_one_resource_are_looked_at_in_turn_and_not_all_at_once(
    stack: StackDriver,
) -> None:
    MAKE["sqs"](aws, NAME, None)
    for grant in ("a1", "a2", "a3"):
        key = f"partners/acme/{grant}.json"
        stack.upload(None, key, grant=grant, access=[entry_for("sqs")])
        assert stack.run({"bucket": CONFIG_BUCKET, "key": key}).outcome == "created"
    stack.invoke("check_drift", _event("sqs", *CALLS["sqs"]))
    waits = [given.get("after_seconds", 0) for given in stack.executions().values()]
    assert sorted(waits) == [0, 3, 6]


def test_resource_that_nobody_tells_of_is_found_gone_within_a_day(stack: StackDriver) -> None:
    _granted(stack, "sqs")
    GO["sqs"]()
    for hour in range(0, 25, 2):
        stack.invoke("check_drift", {}, NOW + timedelta(hours=hour))
    (request,) = (
        one for one in stack.executions().values() if one["reason"].startswith("the daily round")
    )
    run = stack.run(reconciliation(request), NOW + timedelta(hours=24))
    assert "is gone" in run.result["problems"][0]["message"]


def test_longest_reason_is_one_that_the_workflow_takes(stack: StackDriver) -> None:
    _granted(stack, "sqs")
    who = {"arn": "arn:aws:sts::123456789012:assumed-role/" + "x" * 3000}
    stack.invoke("check_drift", _event("sqs", *CALLS["sqs"], userIdentity=who))
    (request,) = stack.executions().values()
    assert stack.run(json.loads(json.dumps(request))).outcome == "unchanged"
