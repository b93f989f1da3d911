"""The grant table read for many grants at once: states in bulk, histories from the newest."""

from collections.abc import Iterable

from latchkey.aws.error_codes import translated
from latchkey.aws.table import Item, Table, plain, serialized
from latchkey.grant_id import GrantId
from latchkey.keys import EVENT, STATE, grant_partition


class GrantHistory:
    """Reads what was recorded of grants; by their names, never by a scan."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def states(self, grants: Iterable[GrantId]) -> dict[GrantId, Item]:
        """The STATE items of grants, read consistently; those that have none are left out."""
        items = self._table.found("read states", ((grant_partition(one), STATE) for one in grants))
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
