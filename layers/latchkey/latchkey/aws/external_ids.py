"""External IDs: which partner has which."""

from collections.abc import Iterable

from latchkey.aws.table import Item, Table, serialized
from latchkey.grant_id import GrantId
from latchkey.keys import CLAIM, claim_partition


class ExternalIds:
    """Claims on external IDs: one partner at a time may use one, for any number of its grants."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def taken(self, external_ids: Iterable[str], partner: str) -> tuple[str, ...]:
        """Those that a partner could not claim now; changes nothing."""
        return tuple(one for one in external_ids if not self._free_for(one, partner))

    def _free_for(self, external_id: str, partner: str) -> bool:
        item = self._table.get(claim_partition(external_id), CLAIM)
        return item is None or not item.get("grants") or item["partner"] == partner


def claim_write(table: str, external_id: str, grant: GrantId) -> Item:
    """The write of a transaction that claims an external ID, unless another partner has it."""
    return {
        "Update": {
            "TableName": table,
            "Key": serialized({"pk": claim_partition(external_id), "sk": CLAIM}),
            "UpdateExpression": "SET partner = :partner ADD grants :grant",
            "ConditionExpression": "attribute_not_exists(grants) OR partner = :partner",
            "ExpressionAttributeValues": serialized(
                {":partner": grant.partner, ":grant": {str(grant)}}
            ),
        }
    }
