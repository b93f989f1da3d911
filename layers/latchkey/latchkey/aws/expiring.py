"""The grant table by expiry: what ends soon, and who answers for it."""

from collections.abc import Iterator, Sequence
from itertools import batched
from typing import Any

from latchkey.aws.grant_table import BY_EXPIRY
from latchkey.aws.leases import partition_key
from latchkey.aws.table import Table, plain, serialized
from latchkey.aws.translate import translated
from latchkey.domain.errors import Throttled
from latchkey.domain.grant import GrantId, owner_in
from latchkey.domain.reminder import Expiring

_MOST = 100
"""Items of one call (DynamoDB API reference, BatchGetItem)."""

_TRIES = 5


class ExpiringGrants:
    """Reads the index of live grants, and the owners of some."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def between(self, start: str, end: str) -> Iterator[Expiring]:
        """Live grants that expire from `start` to `end`; a call per page of about a megabyte."""
        pages = self._table.client.get_paginator("query").paginate(
            TableName=self._table.name,
            IndexName=BY_EXPIRY,
            KeyConditionExpression="live = :live AND expires_at BETWEEN :start AND :end",
            ExpressionAttributeValues=serialized({":live": "LIVE", ":start": start, ":end": end}),
        )
        with translated("query what expires soon"):
            for page in pages:
                yield from (_expiring(plain(item)) for item in page["Items"])

    def owners(self, grants: Sequence[GrantId]) -> dict[GrantId, str]:
        """The owner of each grant, by the config that it was granted by; a call per hundred.

        Raises
        ------
        Throttled
            When DynamoDB leaves some out again and again.
        """
        found: dict[GrantId, str] = {}
        for some in batched(grants, _MOST, strict=False):
            for item in self._items([serialized(_key(grant)) for grant in some]):
                if owner := owner_in(item.get("config")):
                    found[GrantId(item["partner"], item["grant"])] = owner
        return found

    def _items(self, keys: list[Any]) -> Iterator[dict[str, Any]]:
        """BatchGetItem may leave keys out, and names them."""
        asked: Any = {"Keys": keys, "ProjectionExpression": "partner, #grant, config"}
        asked["ExpressionAttributeNames"] = {"#grant": "grant"}
        left: Any = {self._table.name: asked}
        for _ in range(_TRIES):
            with translated("read the owners of grants"):
                answer = self._table.client.batch_get_item(RequestItems=left)
            yield from map(plain, answer["Responses"].get(self._table.name, []))
            left = answer.get("UnprocessedKeys")
            if not left:
                return
        raise Throttled("DynamoDB left out owners of grants again and again")


def _key(grant: GrantId) -> dict[str, str]:
    return {"pk": partition_key(grant), "sk": "STATE"}


def _expiring(item: dict[str, Any]) -> Expiring:
    name = GrantId(item["partner"], item["grant"])
    return Expiring(name, item["expires_at"], item.get("status") or "active")
