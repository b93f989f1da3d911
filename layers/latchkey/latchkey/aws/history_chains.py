"""The hash chains of histories in the grant table: extended by the recorder, read by `doctor`."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from latchkey.aws.error_codes import translated
from latchkey.aws.grants_by_expiry import CHAINS, INDEX
from latchkey.aws.table import Item, Table, plain, serialized
from latchkey.history.chain import Head, chained, digest, time_of
from latchkey.keys import ACCESS, CHAIN, STATE

_NEW = "attribute_not_exists(pk)"


def chain_writes(
    table: str, pk: str, entries: Iterable[Item], state: Item | None, head: Head
) -> Iterator[Any]:
    """The writes of a transaction that extend a chain: its head first, then its entries.

    `state` is the item that is written with them, if one is, in DynamoDB's attribute values. The
    write fails when the head is not as it was read any more, and where an entry is there already.
    """
    items, after = chained(entries, head)
    expected = digest(plain(state)) if state else head.state_digest
    if not items and not state:
        return
    yield _head_write(
        table, pk, Head(after.last_sk, after.last_digest, after.number, expected), head
    )
    for item in items:
        put = {"TableName": table, "Item": serialized(item), "ConditionExpression": _NEW}
        yield {"Put": put}


def _head_write(table: str, pk: str, head: Head, before: Head) -> Any:
    """The head with its place in the index, where `doctor` finds all chains."""
    at = time_of(head.last_sk) if head.last_sk else "-"
    item = {"pk": pk, "sk": CHAIN, "live": CHAINS, "expires_at": at, **head.document()}
    put = {"TableName": table, "Item": serialized(item)}
    if before.last_digest is None:
        return {"Put": {**put, "ConditionExpression": "attribute_not_exists(last_digest)"}}
    as_read = {
        "ConditionExpression": "last_digest = :last",
        "ExpressionAttributeValues": serialized({":last": before.last_digest}),
    }
    return {"Put": {**put, **as_read}}


class HistoryChains:
    """Reads chains: which there are, and all that one is about."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def head(self, pk: str) -> Head:
        """The head of a partition's chain, as it is now."""
        return Head.of(self._table.get(pk, CHAIN))

    def partitions(self) -> Iterator[str]:
        """The partition keys of all chains, by the index; a call per page of a megabyte."""
        yield from (
            item["pk"]
            for item in self._query(
                {
                    "IndexName": INDEX,
                    "KeyConditionExpression": "live = :chains",
                    "ExpressionAttributeValues": serialized({":chains": CHAINS}),
                },
                "query chains",
            )
        )

    def items(self, pk: str) -> list[Item]:
        """A partition's entries, state and head: one query, a call per page of a megabyte.

        They lie between the sort keys `ACCESS#` and `STATE`.
        """
        return [
            *self._query(
                {
                    "KeyConditionExpression": "pk = :pk AND sk BETWEEN :first AND :last",
                    "ExpressionAttributeValues": serialized(
                        {":pk": pk, ":first": ACCESS, ":last": STATE}
                    ),
                    "ConsistentRead": True,
                },
                f"read the history of {pk}",
            )
        ]

    def _query(self, what: Any, doing: str) -> Iterator[Item]:
        pages = self._table.client.get_paginator("query")
        with translated(doing):
            for page in pages.paginate(TableName=self._table.name, **what):
                yield from map(_readable, page["Items"])


def _readable(item: Any) -> Item:
    """A plain item; one of types that the table does not hold, as text: nobody of us wrote it."""
    try:
        return plain(item)
    except (KeyError, ValueError):
        raw = json.dumps(item, default=repr, sort_keys=True)
        return {"pk": item["pk"]["S"], "sk": item["sk"]["S"], "raw": raw}
