"""Claims: what one holder at a time may have, an external ID or the name of a role."""

from collections.abc import Iterable

from latchkey.aws.table import Item, Table, serialized
from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.keys import CLAIM, claim_partition, role_name_partition


class Claim(Frozen):
    """What a grant claims: `holder`, which the attribute `by` names, may have it for its grants."""

    partition: str
    by: str
    holder: str


class Claims:
    """Claims as they stand in the table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def taken(self, claims: Iterable[Claim]) -> tuple[Claim, ...]:
        """Those that could not be made now; changes nothing."""
        return tuple(one for one in claims if not self._is_free(one))

    def _is_free(self, claim: Claim) -> bool:
        item = self._table.get(claim.partition, CLAIM)
        return item is None or not item.get("grants") or item[claim.by] == claim.holder


def external_id_claim(external_id: str, partner: str) -> Claim:
    """One partner at a time may use an external ID, for any number of its grants."""
    return Claim(claim_partition(external_id), "partner", partner)


def role_name_claim(account: str, name: str, grant: GrantId) -> Claim:
    """One grant at a time may have a role of a name; IAM tells no names apart by case."""
    return Claim(role_name_partition(account, name), "holder", str(grant))


def claim_write(table: str, claim: Claim, grant: GrantId) -> Item:
    """The write of a transaction that makes a claim for a grant, unless another holder has it."""
    return {
        "Update": {
            "TableName": table,
            "Key": serialized({"pk": claim.partition, "sk": CLAIM}),
            "UpdateExpression": f"SET {claim.by} = :holder ADD grants :grant",
            "ConditionExpression": f"attribute_not_exists(grants) OR {claim.by} = :holder",
            "ExpressionAttributeValues": serialized(
                {":holder": claim.holder, ":grant": {str(grant)}}
            ),
        }
    }


def release_write(table: str, partition: str, grant: GrantId | None) -> Item:
    """The write that gives a grant's claim back."""
    return {
        "Update": {
            "TableName": table,
            "Key": serialized({"pk": partition, "sk": CLAIM}),
            "UpdateExpression": "DELETE grants :grant",
            "ExpressionAttributeValues": serialized({":grant": {str(grant)}}),
        }
    }
