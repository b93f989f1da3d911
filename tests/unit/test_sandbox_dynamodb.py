"""What the sandbox puts in moto's place does what moto did."""

from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoResult

from sandbox.moto_fixes import dynamodb
from sandbox.moto_fixes.replacing import plain_moto


def _put(key: str, value: str, sort_key: str = "STATE", **condition: str) -> Any:
    item = {"pk": {"S": key}, "sk": {"S": sort_key}, "value": {"S": value}}
    return {"Put": {"TableName": "grants", "Item": item, **condition}}


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A client for a table with one item."""
    for owner, name in (
        (DynamoDBBackend, "transact_write_items"),
        (DynamoResult, "execute_result"),
        (Table, "query"),
        (LimitedSizeDict, "__setitem__"),
        (Item, "project"),
        (DynamoType, "cast_value"),
    ):
        monkeypatch.setattr(owner, name, getattr(owner, name))  # and back, at the end
    with plain_moto(), mock_aws():  # what is in place already would be put there twice
        for fix in dynamodb.FIXES:
            fix()
        client = boto3.client("dynamodb", region_name="us-east-1")
        keys = {"pk": "HASH", "sk": "RANGE"}
        client.create_table(
            TableName="grants",
            KeySchema=[{"AttributeName": k, "KeyType": v} for k, v in keys.items()],  # type: ignore[typeddict-item]
            AttributeDefinitions=[{"AttributeName": k, "AttributeType": "S"} for k in keys],
            BillingMode="PAY_PER_REQUEST",
        )
        client.transact_write_items(TransactItems=[_put("a", "first")])
        yield client


def _values(table: Any) -> dict[str, str]:
    items = table.scan(TableName="grants")["Items"]
    return {item["pk"]["S"]: item["value"]["S"] for item in items}


def _queried(table: Any, key: str, **more: Any) -> Any:
    return table.query(
        TableName="grants",
        KeyConditionExpression="pk = :p",
        ExpressionAttributeValues={":p": {"S": key}},
        **more,
    )


def test_transaction_writes_all(table: Any) -> None:
    table.transact_write_items(TransactItems=[_put("a", "second"), _put("b", "first")])
    assert _values(table) == {"a": "second", "b": "first"}


def test_transaction_that_fails_writes_nothing(table: Any) -> None:
    update = {
        "Update": {
            "TableName": "grants",
            "Key": {"pk": {"S": "a"}, "sk": {"S": "STATE"}},
            "UpdateExpression": "SET #v = :v",
            "ExpressionAttributeNames": {"#v": "value"},
            "ExpressionAttributeValues": {":v": {"S": "second"}},
        }
    }
    wrong = _put("c", "first", ConditionExpression="attribute_exists(pk)")
    with pytest.raises(table.exceptions.TransactionCanceledException):
        table.transact_write_items(TransactItems=[update, _put("b", "first"), wrong])
    assert _values(table) == {"a": "first"}


def test_transaction_that_fails_leaves_the_rest_of_a_partition(table: Any) -> None:
    table.transact_write_items(TransactItems=[_put("a", "third", "EVENT")])
    wrong = _put("a", "fourth", "OTHER", ConditionExpression="attribute_exists(pk)")
    with pytest.raises(table.exceptions.TransactionCanceledException):
        table.transact_write_items(TransactItems=[_put("a", "second"), wrong])
    found = [item["value"]["S"] for item in _queried(table, "a")["Items"]]
    assert found == ["third", "first"]


def test_query_answers_one_partition_in_order_and_by_pages(table: Any) -> None:
    more = [_put("a", "third", "EVENT"), _put("b", "other")]
    table.transact_write_items(TransactItems=more)
    first = _queried(table, "a", Limit=1)
    rest = _queried(table, "a", ExclusiveStartKey=first["LastEvaluatedKey"])
    assert [page["Items"][0]["value"]["S"] for page in (first, rest)] == ["third", "first"]
    assert _queried(table, "c")["Items"] == []


def test_every_type_of_value_is_read_as_it_was_put(table: Any) -> None:
    values: list[Any] = [
        {"S": "é"},
        {"N": "1.5"},
        {"B": b"\x00\xff"},
        {"BOOL": True},
        {"NULL": True},
        {"SS": ["a", "b"]},
        {"BS": [b"\x00"]},
        {"L": [{"M": {"a": {"B": b"\x01"}}}]},
    ]
    item = {"pk": {"S": "z"}, "sk": {"S": "STATE"}}
    item |= {f"value{n}": value for n, value in enumerate(values)}
    table.put_item(TableName="grants", Item=item)
    key = {"pk": item["pk"], "sk": item["sk"]}
    assert table.get_item(TableName="grants", Key=key)["Item"] == item
    assert _queried(table, "z")["Items"] == [item]
    assert item in table.scan(TableName="grants")["Items"]
    asked = {"grants": {"Keys": [key]}}
    assert table.batch_get_item(RequestItems=asked)["Responses"] == {"grants": [item]}
    assert "Item" not in table.get_item(
        TableName="grants", Key={"pk": {"S": "no"}, "sk": {"S": "no"}}
    )


def test_tables_without_sort_keys_are_written_and_read_too(table: Any) -> None:
    table.create_table(
        TableName="plain",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )

    def put(key: str, value: str, **condition: str) -> Any:
        item = {"id": {"S": key}, "value": {"S": value}}
        return {"Put": {"TableName": "plain", "Item": item, **condition}}

    table.transact_write_items(TransactItems=[put("a", "first")])
    wrong = put("c", "first", ConditionExpression="attribute_exists(id)")
    with pytest.raises(table.exceptions.TransactionCanceledException):
        table.transact_write_items(TransactItems=[put("a", "second"), wrong])
    found = [
        [
            item["value"]["S"]
            for item in table.query(
                TableName="plain",
                KeyConditionExpression="id = :i",
                ExpressionAttributeValues={":i": {"S": key}},
            )["Items"]
        ]
        for key in ("a", "c")
    ]
    assert found == [["first"], []]


def test_item_of_more_than_400_kb_is_refused_however_it_grows(table: Any) -> None:
    key = {"pk": {"S": "a"}, "sk": {"S": "STATE"}}
    half, more = {"S": "x" * 190_000}, {"S": "y" * 30_000}
    table.put_item(TableName="grants", Item={**key, "one": half, "two": half})
    for item in ({**key, "one": half, "two": half, "three": more}, {**key, "a": {"L": [half] * 3}}):
        with pytest.raises(table.exceptions.ClientError, match="Item size"):
            table.put_item(TableName="grants", Item=item)
    with pytest.raises(table.exceptions.ClientError, match=r"[Ii]tem size"):
        table.update_item(
            TableName="grants",
            Key=key,
            UpdateExpression="SET three = :three",
            ExpressionAttributeValues={":three": more},
        )
    table.put_item(TableName="grants", Item={**key, "one": half})
