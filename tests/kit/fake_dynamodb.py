"""A DynamoDB in memory, as far as recording and reading back history need it.

moto copies the whole table for each transaction, and reads all of it for each query: ten thousand
events would take it hours. That the two answer alike is held by `test_generated_history`.
"""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from latchkey.aws.table import plain

_UNIQUE = "attribute_not_exists(pk)"
_NO_CHAIN = "attribute_not_exists(last_digest)"
_AS_READ = "last_digest = :last"
_MINE = "lease_owner = :me"


class FakeDynamoDB:
    """One table; `read` counts the items that queries evaluate, `queries` their pages."""

    def __init__(self, page: int = 25) -> None:
        self.items: dict[str, dict[str, Any]] = {}
        self.transactions: list[int] = []
        self.read = self.queries = 0
        self._page = page

    def transact_write_items(self, *, TransactItems: list[Any]) -> None:  # noqa: N803 (boto3's)
        """All of the writes, or none of them when a condition fails."""
        assert len(TransactItems) <= 100
        keys = [_key(write) for write in TransactItems]
        assert len(set(keys)) == len(keys), "one item twice in a transaction"
        failed = [not self._holds(write) for write in TransactItems]
        if any(failed):
            codes = [{"Code": "ConditionalCheckFailed" if f else "None"} for f in failed]
            error = {"Code": "TransactionCanceledException", "Message": "cancelled"}
            answer: Any = {"Error": error, "CancellationReasons": codes}
            raise ClientError(answer, "TransactWriteItems")
        self.transactions.append(len(TransactItems))
        for write in TransactItems:
            if "Put" in write:
                pk, sk = _key(write)
                self.items.setdefault(pk, {})[sk] = write["Put"]["Item"]

    def get_item(self, *, TableName: str, Key: Any, **_: Any) -> Any:  # noqa: N803
        """The item under a key."""
        pk, sk = plain(Key).values()
        found = self.items.get(pk, {}).get(sk)
        return {"Item": found} if found else {}

    def put(self, item: dict[str, Any]) -> None:
        """Put an item of DynamoDB's attribute values, past every condition."""
        self.items.setdefault(item["pk"]["S"], {})[item["sk"]["S"]] = item

    def get_paginator(self, operation: str) -> "FakeDynamoDB":
        """The paginator of queries, the only one."""
        assert operation == "query"
        return self

    def paginate(self, **query: Any) -> Iterator[Any]:
        """Pages of the items of one partition whose sort keys begin with a text.

        The index has nothing here: in a recorded history no run is half done.
        """
        if "IndexName" in query:
            yield {"Items": []}
            return
        assert query["KeyConditionExpression"] == "pk = :pk AND begins_with(sk, :sk)"
        wanted = plain(query["ExpressionAttributeValues"])
        partition = self.items.get(wanted[":pk"], {})
        keys = sorted(partition)
        mine = keys[bisect_left(keys, wanted[":sk"]) :]
        found = [partition[key] for key in mine if key.startswith(wanted[":sk"])]
        for begin in range(0, max(len(found), 1), self._page):
            page = found[begin : begin + self._page]
            self.queries += 1
            self.read += len(page)
            yield {"Items": page}

    def _holds(self, write: Any) -> bool:
        ((kind, asked),) = write.items()
        pk, sk = _key(write)
        found = self.items.get(pk, {}).get(sk)
        match kind, asked.get("ConditionExpression"):
            case "Put", None:
                return True
            case "Put", condition if condition == _UNIQUE:
                return found is None
            case "Put", condition if condition == _NO_CHAIN:
                return found is None or "last_digest" not in found
            case "Put", condition if condition == _AS_READ:
                last = asked["ExpressionAttributeValues"][":last"]
                return found is not None and found["last_digest"] == last
            case "Update", condition if condition == _MINE:
                mine = asked["ExpressionAttributeValues"][":me"]
                return found is not None and found["lease_owner"] == mine
            case other:
                raise NotImplementedError(other)


def _key(write: Any) -> tuple[str, str]:
    ((kind, asked),) = write.items()
    key = plain(
        {name: (asked["Item"] if kind == "Put" else asked["Key"])[name] for name in ("pk", "sk")}
    )
    return key["pk"], key["sk"]
