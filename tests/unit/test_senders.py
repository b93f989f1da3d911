"""Who may send to a queue: what counts as denying everybody but one bucket."""

import json
from copy import deepcopy
from typing import Any

import pytest

from latchkey.iam.senders import denies_all_but
from sandbox.iam.authorisation import policy_denies
from tests.kit.template import properties

BUCKET, ACCOUNT, QUEUE = "arn:aws:s3:::configs", "123456789012", "arn:aws:sqs:us-east-1:1:q"


def _deny(**changes: Any) -> dict[str, Any]:
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:SendMessage",
        "Resource": QUEUE,
        **changes,
    }


_BY_ARN = _deny(Condition={"ArnNotEquals": {"aws:SourceArn": BUCKET}})
_BY_ACCOUNT = _deny(Condition={"StringNotEquals": {"aws:SourceAccount": ACCOUNT}})
GOOD = [_BY_ARN, _BY_ACCOUNT]


def _policy(*statements: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def test_both_denials_are_asked_for() -> None:
    assert denies_all_but(_policy(*GOOD), BUCKET, ACCOUNT)
    for left in GOOD:
        assert not denies_all_but(_policy(left), BUCKET, ACCOUNT)
    assert not denies_all_but({}, BUCKET, ACCOUNT)


@pytest.mark.parametrize(
    "change",
    [
        {"Effect": "Allow"},
        {"Principal": {"AWS": "arn:aws:iam::123456789012:root"}},
        {"NotPrincipal": {"AWS": "*"}, "Principal": None},
        {"Action": "sqs:ReceiveMessage"},
        {"Condition": {}},
        {"Condition": {"ArnNotEqualsIfExists": {"aws:SourceArn": BUCKET}}},
        {"Condition": {"ArnEquals": {"aws:SourceArn": BUCKET}}},
        {"Condition": {"ArnNotEquals": {"aws:SourceArn": "arn:aws:s3:::*"}}},
        {"Condition": {"ArnNotEquals": {"aws:SourceArn": [BUCKET, "arn:aws:s3:::other"]}}},
        {"Condition": {"ArnNotEquals": {"aws:PrincipalArn": BUCKET}}},
        {
            "Condition": {
                "ArnNotEquals": {"aws:SourceArn": BUCKET},
                "Bool": {"aws:PrincipalIsAWSService": "true"},
            }
        },
        {"Condition": {"ArnNotEquals": {"aws:SourceArn": BUCKET, "aws:PrincipalArn": "arn:a"}}},
    ],
    ids=json.dumps,
)
def test_denial_with_a_gap_is_none(change: dict[str, Any]) -> None:
    gap = {**deepcopy(_BY_ARN), **change}
    assert not denies_all_but(_policy(gap, _BY_ACCOUNT), BUCKET, ACCOUNT)


@pytest.mark.parametrize(
    ("context", "denied"),
    [
        ({}, True),  # a principal that calls itself, the administrator too
        ({"aws:SourceArn": BUCKET}, True),
        ({"aws:SourceAccount": ACCOUNT}, True),
        ({"aws:SourceArn": BUCKET, "aws:SourceAccount": "111122223333"}, True),
        ({"aws:SourceArn": "arn:aws:s3:::configs-2", "aws:SourceAccount": ACCOUNT}, True),
        ({"aws:SourceArn": "arn:aws:sns:us-east-1:1:t", "aws:SourceAccount": ACCOUNT}, True),
        ({"aws:SourceArn": BUCKET, "aws:SourceAccount": ACCOUNT}, False),
    ],
    ids=str,
)
def test_who_is_denied_by_it(context: dict[str, str], denied: bool) -> None:
    assert policy_denies(_policy(*GOOD), "sqs:SendMessage", QUEUE, context) == denied
    for going_on in ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"):
        assert not policy_denies(_policy(*GOOD), going_on, QUEUE, context)


@pytest.mark.parametrize("name", ["ConfigQueue", "RemovalQueue"])
def test_queues_of_the_template_take_what_the_config_bucket_sends_only(name: str) -> None:
    policy = properties(f"{name}Policy")["PolicyDocument"]
    sources = [one["Resource"] for one in policy["Statement"] if one["Action"] == "sqs:SendMessage"]
    assert sources == [{"Fn::GetAtt": f"{name}.Arn"}] * 3
    assert properties("ConfigBucket")["BucketName"]["Fn::Sub"][0] in BUCKET_NAME
    assert denies_all_but(_resolved(policy), BUCKET, ACCOUNT)


BUCKET_NAME = "${Names}-config-${AWS::AccountId}-${AWS::Region}"


def _resolved(document: Any) -> Any:
    match document:
        case {"Fn::Sub": [str(text), _]}:
            return BUCKET if text == f"arn:${{AWS::Partition}}:s3:::{BUCKET_NAME}" else text
        case {"Ref": "AWS::AccountId"}:
            return ACCOUNT
        case dict():
            return {key: _resolved(value) for key, value in document.items()}
        case list():
            return [_resolved(value) for value in document]
        case _:
            return document
