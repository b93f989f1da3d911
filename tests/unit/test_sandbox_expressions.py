"""Expressions of DynamoDB mean with fixes of moto what they mean without, each time."""

from collections.abc import Callable
from functools import partial
from typing import Any

import boto3
from botocore.exceptions import ClientError
from moto import mock_aws

from sandbox.account import REGION
from sandbox.moto_fixes import expressions
from sandbox.moto_fixes.replacing import plain_moto

KEY = {"pk": {"S": "a"}, "sk": {"S": "STATE"}}
_NAMES = {"#s": "status", "#n": "number", "#t": "tags"}
_VALUES = {
    ":s": {"S": "active"},
    ":n": {"N": "2"},
    ":t": {"SS": ["one", "two"]},
    ":l": {"L": [{"S": "x"}]},
    ":e": {"S": ""},
}
UPDATES = (
    "SET #s = :s, #n = if_not_exists(#n, :n) + :n REMOVE gone, other[1], other[0] ADD #t :t",
    "SET other = list_append(other, :l), nested.inner = :s",
    "DELETE #t :t",
    "SET #n = #n - :n",
    "ADD #n :n SET copied = other",
    "SET #s = :s SET #n = :n",
    "REMOVE a REMOVE b",
    "SET nested = :s, nested.inner = :s",
    "SET pk = :s",
    "SET status = :s",
    "SET #n = :unknown",
    "SET #unknown = :n",
    "SET missing.inner = :s",
    "SET #s = :s + :n",
    "SET #s :s",
)
CONDITIONS = (
    "attribute_exists(pk) AND NOT (#s = :s OR #n > :n)",
    "attribute_not_exists(#s) OR begins_with(#s, :s)",
    "#n BETWEEN :n AND :n",
    "#s IN (:s, :e) AND size(#t) >= :n",
    "contains(#t, :s)",
    "nested.inner = :s",
    "((#s = :s))",
    "#s = = :s",
    "#s = :unknown",
)


def _named(text: str) -> dict[str, Any]:
    names = {name: value for name, value in _NAMES.items() if name in text}
    values = {name: value for name, value in _VALUES.items() if name in text}
    given = {"ExpressionAttributeNames": names, "ExpressionAttributeValues": values}
    return {name: value for name, value in given.items() if value}


def _outcomes() -> list[Any]:
    """What each expression answers and leaves, twice, by updates and by transactions."""
    with mock_aws():
        client: Any = boto3.client("dynamodb", region_name=REGION)
        client.create_table(
            TableName="t",
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in KEY],
            BillingMode="PAY_PER_REQUEST",
        )
        found = []
        for text in UPDATES:
            update = {"TableName": "t", "Key": KEY, "UpdateExpression": text, **_named(text)}
            together = [{"Update": update}]
            for _ in range(2):
                found += _left(client, partial(client.update_item, **update))
                found += _left(client, partial(client.transact_write_items, TransactItems=together))
        for text in CONDITIONS:
            named = {"TableName": "t", **_named(text)}
            put = partial(client.put_item, Item={**KEY, "n": KEY["pk"]}, ConditionExpression=text)
            for _ in range(2):
                found += _left(client, partial(put, **named))
                found += _left(client, partial(client.scan, FilterExpression=text, **named))
        return found


def _left(client: Any, call: Callable[[], Any]) -> list[Any]:
    """What a call answers, or why not, and what the item is after it."""
    client.put_item(
        TableName="t",
        Item={
            **KEY,
            "gone": {"S": "soon"},
            "other": {"L": [{"S": "1"}, {"S": "2"}, {"S": "3"}]},
            "nested": {"M": {"inner": {"S": "x"}}},
            "tags": {"SS": ["two", "three"]},
            "number": {"N": "5"},
        },
    )
    try:
        answer = call()
        answer.pop("ResponseMetadata")
    except (ClientError, ValueError, KeyError) as error:
        answer = str(error)
    item = client.get_item(TableName="t", Key=KEY)["Item"]
    for one in (item, *(answer.get("Items", ()) if isinstance(answer, dict) else ())):
        one["tags"] = {"SS": sorted(one.get("tags", {}).get("SS", ()))}
    return [answer, item]


def test_expressions_mean_what_they_mean_without_fixes() -> None:
    with plain_moto():
        as_moto = _outcomes()
        for fix in expressions.FIXES:
            fix()
        assert _outcomes() == as_moto
