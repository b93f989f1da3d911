"""Queries of an index, parts of items, and updates are answered as moto answers them."""

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from sandbox.moto_fixes import dynamodb
from sandbox.moto_fixes.replacing import plain_moto

BY_END = {
    "IndexName": "by-ends",
    "KeySchema": [
        {"AttributeName": "live", "KeyType": "HASH"},
        {"AttributeName": "ends", "KeyType": "RANGE"},
    ],
    "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["partner", "more", "looks"]},
}
BY_COUNT = {
    "IndexName": "by-looks",
    "KeySchema": [{"AttributeName": "looks", "KeyType": "HASH"}],
    "Projection": {"ProjectionType": "KEYS_ONLY"},
}
ATTRIBUTES = {"pk": "S", "sk": "S", "live": "S", "ends": "S", "looks": "N"}
MORE = {"M": {"pieces": {"L": [{"S": "a"}, {"M": {"b": {"NULL": True}}}]}, "kinds": {"SS": ["x"]}}}

UPDATES = (
    "SET partner = :p, more.pieces[1].b = :q, one = if_not_exists(one, :p)"
    " REMOVE more.pieces[0] ADD looks :n",
    "SET pieces = list_append(more.pieces, more.pieces), looks = looks - :n",
    "SET more.kinds = :p, more = :q",
    "SET partner = :p SET live = :q",
    "SET pk = :p",
    "SET looks = partner + :n",
    "SET gone.far = :p",
)


def _items() -> Iterator[dict[str, Any]]:
    for number in range(6):
        yield {
            "pk": {"S": f"GRANT#{number}"},
            "sk": {"S": "STATE"},
            "live": {"S": "no" if number == 3 else "yes"},
            "ends": {"S": f"2030-01-0{9 - number % 4}"},
            "partner": {"S": f"p{number}"},
            "looks": {"N": "1.50" if number % 2 else "1.5"},
            "more": MORE,
            "bytes": {"B": b"\x00"},
            "[odd]": {"S": "text"},
        }
        yield {"pk": {"S": f"GRANT#{number}"}, "sk": {"S": "EVENT"}, "ends": {"S": "2030"}}
    yield {"pk": {"S": "GRANT#7"}, "sk": {"S": "STATE"}, "live": {"S": "yes"}}  # has no end


def _answers() -> list[Any]:
    """What a client is told by a table that is queried in several ways."""
    client: Any = boto3.client("dynamodb", region_name="us-east-1")
    client.create_table(
        TableName="grants",
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": kind} for name, kind in ATTRIBUTES.items()
        ],
        BillingMode="PAY_PER_REQUEST",
        GlobalSecondaryIndexes=[BY_END, BY_COUNT],
    )
    for item in _items():
        client.put_item(TableName="grants", Item=item)

    def ask(index: str, condition: str, **more: Any) -> Any:
        given = {f":{name}": value for name, value in more.pop("values").items()}
        answer = client.query(
            TableName="grants",
            IndexName=index,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=given,
            **more,
        )
        return {k: v for k, v in answer.items() if k != "ResponseMetadata"}

    live = {"values": {"l": {"S": "yes"}}}
    due = {"values": {"l": {"S": "yes"}, "e": {"S": "2030-01-09"}}}
    parts = {"ProjectionExpression": "more.pieces[0], more.pieces[1].b, more.kinds, partner, gone"}
    odd = {"ProjectionExpression": "#o, pk", "ExpressionAttributeNames": {"#o": "[odd]"}}
    first = ask("by-ends", "live = :l", **live, Limit=2)
    wanted = {"TableName": "grants", "Key": {"pk": {"S": "GRANT#1"}, "sk": {"S": "STATE"}}}

    def update(expression: str) -> Any:
        values = {name: {"S": "new"} for name in (":p", ":q") if name in expression}
        values |= {":n": {"N": "2"}} if ":n" in expression else {}
        try:
            answer = client.update_item(
                **wanted,
                UpdateExpression=expression,
                ExpressionAttributeValues=values,
                ReturnValues="ALL_NEW",
            )
        except client.exceptions.ClientError as error:
            return str(error)
        return answer["Attributes"]

    return [
        first,
        ask("by-ends", "live = :l", **live, ExclusiveStartKey=first["LastEvaluatedKey"]),
        ask("by-ends", "live = :l AND ends < :e", **due),
        ask("by-ends", "live = :l AND ends < :e", **due, ScanIndexForward=False),
        ask("by-ends", "live = :l", **live, **parts),
        ask("by-looks", "looks = :c", values={"c": {"N": "1.5"}}),
        ask("by-looks", "looks = :c", values={"c": {"N": "2"}}),
        *(client.get_item(**wanted, **more)["Item"] for more in ({}, parts, odd)),
        client.scan(TableName="grants", ProjectionExpression="pk, more.pieces")["Items"],
        *map(update, UPDATES),
    ]


@pytest.mark.parametrize("fix", dynamodb.FIXES)
def test_answers_are_those_of_moto_without_fixes(fix: Callable[[], None]) -> None:
    with plain_moto():
        with mock_aws():
            expected = _answers()
        with mock_aws():
            fix()
            found = _answers()
    assert found == expected
    assert [len(answer["Items"]) for answer in expected[:7]] == [2, 3, 3, 3, 5, 6, 0]
