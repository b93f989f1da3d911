"""The one DynamoDB table: plain items in, plain items out."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from latchkey.aws.attribute_values import deserialize, serialize
from latchkey.aws.error_codes import error_code, translated
from latchkey.errors import Throttled
from latchkey.keys import EXTERNAL_ID
from latchkey.newer_python import batched

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Item = dict[str, Any]

_AT_ONCE = 100
"""Items that one BatchGetItem may ask for (DynamoDB API reference)."""

_TRIES = 8


class Table:
    """A DynamoDB table with keys `pk` and `sk`, both strings."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self.client = client
        self.name = name

    def get(self, pk: str, sk: str) -> Item | None:
        """The item, read consistently, or None."""
        with translated(f"read {_named(pk, sk)}"):
            answer = self.client.get_item(
                TableName=self.name, Key=serialized({"pk": pk, "sk": sk}), ConsistentRead=True
            )
        return plain(answer["Item"]) if "Item" in answer else None

    def get_all(self, keys: Sequence[tuple[str, str]]) -> list[Item | None]:
        """Several items in one call, each read consistently, or None, in the order of their keys.

        Raises
        ------
        Throttled
            When DynamoDB left some of them out.
        """
        wanted = [serialized({"pk": pk, "sk": sk}) for pk, sk in keys]
        named = ", ".join(_named(*key) for key in keys)
        with translated(f"read {named}"):
            answer = self.client.batch_get_item(
                RequestItems={self.name: {"Keys": wanted, "ConsistentRead": True}}
            )
        if answer.get("UnprocessedKeys"):
            raise Throttled(f"read {named}: DynamoDB left some of it out")
        found = {
            (item["pk"], item["sk"]): item for item in map(plain, answer["Responses"][self.name])
        }
        return [found.get(key) for key in keys]

    def found(self, doing: str, keys: Iterable[tuple[str, str]]) -> Iterator[Item]:
        """Those of any number of items that are there, each read consistently; in no order.

        Raises
        ------
        Throttled
            When DynamoDB leaves some of them out again and again; says what was being done.
        """
        for some in batched(keys, _AT_ONCE):
            wanted = [serialized({"pk": pk, "sk": sk}) for pk, sk in some]
            request: Any = {self.name: {"Keys": wanted, "ConsistentRead": True}}
            for _ in range(_TRIES):
                with translated(doing):
                    answer = self.client.batch_get_item(RequestItems=request)
                yield from map(plain, answer["Responses"].get(self.name, []))
                request = answer.get("UnprocessedKeys")
                if not request:
                    break
            else:
                raise Throttled(f"{doing}: DynamoDB left some out, {_TRIES} times over")

    def put(self, item: Item) -> None:
        """Write an item, over whatever is there."""
        with translated(f"write {_named(item['pk'], item['sk'])}"):
            self.client.put_item(TableName=self.name, Item=serialized(item))

    def update(
        self,
        pk: str,
        sk: str,
        expression: str,
        values: Item,
        condition: str | None = None,
        names: dict[str, str] | None = None,
    ) -> Item | None:
        """Update one item; answers the whole new item, or None when the condition fails."""
        extra: Any = {"ConditionExpression": condition} if condition else {}
        extra |= {"ExpressionAttributeNames": names} if names else {}
        with translated(f"update {_named(pk, sk)}"):
            try:
                answer = self.client.update_item(
                    TableName=self.name,
                    Key=serialized({"pk": pk, "sk": sk}),
                    UpdateExpression=expression,
                    ExpressionAttributeValues=serialized(values),
                    ReturnValues="ALL_NEW",
                    **extra,
                )
            except ClientError as error:
                if error_code(error) == "ConditionalCheckFailedException":
                    return None
                raise
        return plain(answer["Attributes"])


def _named(pk: str, sk: str) -> str:
    """An item, for messages; an external ID in its key is left out."""
    kind, _, _ = pk.partition("#")
    return f"{kind} {sk}" if kind == EXTERNAL_ID else f"{pk} {sk}"


def serialized(item: Item) -> Any:
    """A plain item as DynamoDB's attribute values; attributes that are None are left out."""
    return {key: serialize(value) for key, value in item.items() if value is not None}


def plain(item: Any) -> Item:
    """DynamoDB's attribute values as a plain item."""
    return {key: deserialize(value) for key, value in item.items()}
