"""Amazon DynamoDB: the items of one table, with its indexes."""

from collections.abc import Iterator, Mapping
from typing import Any

from latchkey.newer_python import override
from latchkey.services.arn_form import ArnForm
from latchkey.services.call import PLACEHOLDER, TEST_NAME, Call
from latchkey.services.spec import EntryFields, Service, named_as

SEARCH = ("dynamodb:Query", "dynamodb:Scan")
_READ = ("dynamodb:BatchGetItem", "dynamodb:DescribeTable", "dynamodb:GetItem")
_WRITE = (
    "dynamodb:BatchWriteItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
)
STREAM = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")
"""What `stream` adds, on the table's streams; their ARN is in the answer of DescribeTable."""

_INDEX, _STREAMS = "/index/", "/stream/*"


class _DynamoDb(Service):
    @override
    def describe(self, rest: str) -> str | None:
        """With the index, or all of them; or its streams."""
        if rest.endswith(_STREAMS):
            return (
                f"{named_as(self.noun, self.arn.before, rest.removesuffix(_STREAMS))}, its streams"
            )
        table, slash, index = rest.partition(_INDEX)
        named = named_as(self.noun, self.arn.before, table)
        if named is None or not slash:
            return named
        if index == "*":
            return f"{named}, its indexes"
        return None if "*" in index else f"{named}, index {index}"

    @override
    def imported(self, arn: str, rest: str) -> Iterator[EntryFields]:
        """An index is its table's: an entry names the table."""
        return super().imported(arn.partition(_INDEX)[0], rest.partition(_INDEX)[0])

    @override
    def tries(self, entry: Mapping[str, Any], arn: str) -> Iterator[Call]:
        """Reading works on an empty table too; what is written needs the table's key."""
        table = {"TableName": entry["table"]}
        yield Call("dynamodb", "describe-table", table, "Table.TableStatus")
        yield Call("dynamodb", "scan", {**table, "Limit": 1}, "Count")
        if entry["allow"] == "read-write":
            item = {f"{PLACEHOLDER}KEY": {"S": TEST_NAME}}
            number = "ConsumedCapacity.CapacityUnits"
            told = {"ReturnConsumedCapacity": "TOTAL"}
            put = {**table, "Item": item, **told}
            yield Call("dynamodb", "put-item", put, number, "an item, which the next one deletes")
            yield Call("dynamodb", "delete-item", {**table, "Key": item, **told}, number)


SPEC = _DynamoDb(
    name="dynamodb",
    title="DynamoDB",
    field="table",
    resource_type="AWS::DynamoDB::Table",
    arn=ArnForm(
        r"[A-Za-z0-9_.-]{3,255}",
        "3 to 255 letters, digits, '_', '.' and '-'",
        before="table/",
        below="/",
        within=r"/(?:index/(?:[A-Za-z0-9_.-]{3,255}|\*)|stream/\*)",
    ),
    actions={"read": (*_READ, *SEARCH), "read-write": (*_READ, *_WRITE, *SEARCH)},
    labels={
        "list": "",
        "read": "BatchGetItem GetItem PartiQLSelect",
        "search": "Query Scan",
        "put": "BatchWriteItem PutItem PartiQLInsert",
        "update": "UpdateItem PartiQLUpdate",
        "delete": "BatchWriteItem DeleteItem PartiQLDelete",
        "check conditions": "ConditionCheckItem",
        "read changes": "GetRecords GetShardIterator",
        "look up": "DescribeStream DescribeTable",
        "list names": "ListTables",
    },
    secondary=frozenset({"look up", "check conditions"}),
    options=("stream", "discover"),
    discovers=("dynamodb:ListTables",),
    own=("table/latchkey-*",),
    boundary=(
        "BatchGetItem",
        "BatchWriteItem",
        "ConditionCheckItem",
        "DeleteItem",
        "DescribeStream",
        "DescribeTable",
        "GetItem",
        "GetRecords",
        "GetShardIterator",
        "ListTables",
        "PartiQLDelete",
        "PartiQLInsert",
        "PartiQLSelect",
        "PartiQLUpdate",
        "PutItem",
        "Query",
        "Scan",
        "UpdateItem",
    ),
    also=frozenset(
        {
            "dynamodb:BatchGetItem",
            "dynamodb:BatchWriteItem",
            "dynamodb:ConditionCheckItem",
            "dynamodb:DescribeTable",
        }
    ),
    changed_by=(
        "dynamodb:CreateTable",
        "dynamodb:DeleteTable",
        "dynamodb:UpdateTable",
    ),
    lookup=("dynamodb:DescribeTable", "dynamodb:ListTables"),
    plain_http=True,
    example={"table": "catalogue", "allow": "read"},
)
