"""External IDs: which partner has which."""

from collections.abc import Iterable

from latchkey.aws.access_history import AccessHistory
from latchkey.aws.grant_history import GrantHistory
from latchkey.aws.table import Item, Table, serialized
from latchkey.grant_id import GrantId
from latchkey.keys import CLAIM, claim_partition
from latchkey.reports.redaction import external_ids


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


class PartnerExternalIds:
    """The external IDs of a partner's grants, so that nobody is told one of them by another."""

    def __init__(self, table: Table) -> None:
        self._history, self._states = AccessHistory(table), GrantHistory(table)

    def beside(self, grant: GrantId) -> frozenset[str]:
        """Those of the partner's other grants, live or not, as their states have them.

        A query and, if there are others, a read for each hundred of them.
        """
        others = {*self._history.grants_of(grant.partner)} - {grant}
        states = self._states.states(sorted(others)) if others else {}
        return frozenset(found for state in states.values() for found in external_ids(state))


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
