"""Calls of DynamoDB carry the partition keys that they reach, as `dynamodb:LeadingKeys`."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from sandbox.account import REGION
from sandbox.iam.request import Request
from sandbox.iam.required_permissions import required_permissions

KEY = {"pk": {"S": "GRANT#a.main"}, "sk": {"S": "STATE"}}
OTHER = {"pk": {"S": "LEASE#a.main"}, "sk": {"S": "LEASE"}}
WHERE = {
    "KeyConditionExpression": "pk = :grant AND begins_with(sk, :event)",
    "ExpressionAttributeValues": {":grant": {"S": "GRANT#a.main"}, ":event": {"S": "EVENT#"}},
}
LIVE = {
    "IndexName": "by-expiry",
    "KeyConditionExpression": "#live = :live",
    "ExpressionAttributeNames": {"#live": "live"},
    "ExpressionAttributeValues": {":live": {"S": "LIVE"}},
}


@pytest.fixture(autouse=True)
def table() -> Iterator[None]:
    """A table with an index."""
    with mock_aws():
        names = ("pk", "sk", "live")
        boto3.client("dynamodb", region_name=REGION).create_table(
            TableName="t",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in names],
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by-expiry",
                    "KeySchema": [{"AttributeName": "live", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
        )
        yield


@pytest.mark.parametrize(
    ("operation", "given", "expected"),
    [
        ("GetItem", {"TableName": "t", "Key": KEY}, [("GetItem", ["GRANT#a.main"])]),
        (
            "PutItem",
            {"TableName": "t", "Item": {**KEY, "x": {"S": "1"}}},
            [("PutItem", ["GRANT#a.main"])],
        ),
        ("UpdateItem", {"TableName": "t", "Key": OTHER}, [("UpdateItem", ["LEASE#a.main"])]),
        (
            "BatchGetItem",
            {"RequestItems": {"t": {"Keys": [KEY, OTHER]}}},
            [("BatchGetItem", ["GRANT#a.main", "LEASE#a.main"])],
        ),
        (
            "TransactWriteItems",
            {
                "TransactItems": [
                    {"Put": {"TableName": "t", "Item": KEY}},
                    {"Update": {"TableName": "t", "Key": OTHER}},
                ]
            },
            [("PutItem", ["GRANT#a.main"]), ("UpdateItem", ["LEASE#a.main"])],
        ),
        ("Query", {"TableName": "t", **WHERE}, [("Query", ["GRANT#a.main"])]),
        ("Query", {"TableName": "t", **LIVE}, [("Query", ["LIVE"])]),
        ("Scan", {"TableName": "t"}, [("Scan", None)]),
    ],
)
def test_call_carries_the_partitions_that_it_reaches(
    operation: str, given: dict[str, Any], expected: Any
) -> None:
    request = Request("key", "dynamodb", operation, given, "json", "127.0.0.1")
    found = [
        (
            permission.action.removeprefix("dynamodb:"),
            permission.context.get("dynamodb:LeadingKeys"),
        )
        for permission in required_permissions(request)
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("operation", "given", "expected"),
    [
        ("PutItem", {"Item": {**KEY, "delete_after": {"N": "1"}}}, ["delete_after", "pk", "sk"]),
        (
            "UpdateItem",
            {
                "Key": KEY,
                "UpdateExpression": "SET #d = if_not_exists(#d, :delete)",
                "ExpressionAttributeNames": {"#d": "delete_after"},
            },
            "delete_after",
        ),
        ("UpdateItem", {"Key": KEY, "UpdateExpression": "SET delete_after = :n"}, "delete_after"),
        ("UpdateItem", {"Key": KEY, "AttributeUpdates": {"delete_after": {}}}, "delete_after"),
        ("GetItem", {"Key": KEY}, None),
    ],
)
def test_call_carries_the_attributes_that_it_writes(
    operation: str, given: dict[str, Any], expected: Any
) -> None:
    call = {"TableName": "t", **given}
    request = Request("key", "dynamodb", operation, call, "json", "127.0.0.1")
    (permission,) = required_permissions(request)
    found = permission.context.get("dynamodb:Attributes")
    assert found == expected or expected in (found or [])
