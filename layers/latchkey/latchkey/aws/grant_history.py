"""The grant table read for many grants at once: states in bulk, histories from the newest."""

from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

from latchkey.aws.error_codes import translated
from latchkey.aws.table import Item, Table, plain, serialized
from latchkey.errors import Throttled
from latchkey.grant_id import GrantId
from latchkey.keys import EVENT, STATE, grant_partition

_AT_ONCE = 100
"""Items that one BatchGetItem may ask for (DynamoDB API reference)."""

_TRIES = 8


class GrantHistory:
    """Reads what was recorded of grants; by their names, never by a scan."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def states(self, grants: Iterable[GrantId]) -> dict[GrantId, Item]:
        """The STATE items of grants, read consistently; those that have none are left out."""
        items = (
            item for some in batched(grants, _AT_ONCE, strict=False) for item in self._states(some)
        )
        return {GrantId(item["partner"], item["grant"]): item for item in items}

    def newest(self, grant: GrantId, limit: int) -> list[Item]:
        """The last `limit` events of a grant, the newest first."""
        with translated(f"read the history of {grant}"):
            answer = self._table.client.query(
                TableName=self._table.name,
                KeyConditionExpression="pk = :grant AND begins_with(sk, :event)",
                ExpressionAttributeValues=serialized(
                    {":grant": grant_partition(grant), ":event": EVENT}
                ),
                ScanIndexForward=False,
                Limit=limit,
                ConsistentRead=True,
            )
        return [plain(item) for item in answer["Items"]]

    def _states(self, grants: tuple[GrantId, ...]) -> Iterator[Item]:
        """One batch; what DynamoDB left out of an answer is asked for again."""
        keys = [serialized({"pk": grant_partition(grant), "sk": STATE}) for grant in grants]
        request: Any = {self._table.name: {"Keys": keys, "ConsistentRead": True}}
        for _ in range(_TRIES):
            with translated("read states"):
                answer = self._table.client.batch_get_item(RequestItems=request)
            yield from map(plain, answer["Responses"].get(self._table.name, []))
            request = answer.get("UnprocessedKeys")
            if not request:
                return
        raise Throttled(f"read states: DynamoDB left some out, {_TRIES} times over")
