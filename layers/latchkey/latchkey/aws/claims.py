"""Claims: what one holder at a time may have, an external ID or the name of a role."""

from collections.abc import Iterable

from latchkey.aws.table import Item, Table, serialized
from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.keys import CLAIM, claim_partition, role_name_partition, scope_partition


class Claim(Frozen):
    """What a grant claims: `holder`, which the attribute `by` names, may have it for its grants.

    With a `scope`, by all its names and the present one first, it belongs to that scope from then
    on, also when no grant has it any more.
    """

    partition: str
    by: str
    holder: str
    scope: tuple[str, ...] = ()


class Claims:
    """Claims as they stand in the table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def taken(self, claims: Iterable[Claim]) -> tuple[Claim, ...]:
        """Those that could not be made now; changes nothing."""
        return tuple(one for one in claims if not self._is_free(one))

    def _is_free(self, claim: Claim) -> bool:
        item = self._table.get(claim.partition, CLAIM) or {}
        if claim.scope and item.get("scope_name", claim.scope[0]) not in claim.scope:
            return False
        return not item.get("grants") or item[claim.by] == claim.holder


def external_id_claim(external_id: str, partner: str, scope: tuple[str, ...] = ()) -> Claim:
    """One partner at a time may use an external ID, for any number of its grants."""
    return Claim(claim_partition(external_id), "partner", partner, scope)


def partner_claim(partner: str, scope: tuple[str, ...]) -> Claim:
    """The grants of one partner are of one scope."""
    return Claim(scope_partition(partner), "partner", partner, scope)


def role_name_claim(account: str, name: str, grant: GrantId) -> Claim:
    """One grant at a time may have a role of a name; IAM tells no names apart by case."""
    return Claim(role_name_partition(account, name), "holder", str(grant))


def claim_write(table: str, claim: Claim, grant: GrantId) -> Item:
    """The write of a transaction that makes a claim for a grant, unless another holder has it."""
    free, sets = f"attribute_not_exists(grants) OR {claim.by} = :holder", f"{claim.by} = :holder"
    values: Item = {":holder": claim.holder, ":grant": {str(grant)}}
    if claim.scope:
        named = {f":scope{number}": name for number, name in enumerate(claim.scope)}
        ours = f"attribute_not_exists(scope_name) OR scope_name IN ({', '.join(named)})"
        free, sets = f"({free}) AND ({ours})", f"{sets}, scope_name = :scope0"
        values |= named
    return {
        "Update": {
            "TableName": table,
            "Key": serialized({"pk": claim.partition, "sk": CLAIM}),
            "UpdateExpression": f"SET {sets} ADD grants :grant",
            "ConditionExpression": free,
            "ExpressionAttributeValues": serialized(values),
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
