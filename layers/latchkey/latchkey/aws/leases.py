"""Leases: one run per grant at a time."""

from datetime import datetime, timedelta

from botocore.exceptions import ClientError

from latchkey.aws.table import Table, serialized
from latchkey.aws.translate import error_code, translated
from latchkey.domain.errors import GrantBusy, LeaseLost
from latchkey.domain.grant import GrantId, instant

DURATION = timedelta(minutes=3)
"""How long a run keeps a grant without renewing: longer than any function's timeout."""

SORT_KEY = "LEASE"


class Leases:
    """A lease is an item beside the grant's state, with its owner and its end."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def acquire(self, grant: GrantId, owner: str, now: datetime) -> None:
        """Take the grant's lease, or prolong it when `owner` has it already.

        Raises
        ------
        GrantBusy
            When another owner's lease has not expired.
        """
        free = "attribute_not_exists(lease_owner) OR lease_owner = :me OR lease_until < :now"
        if not self._write(grant, owner, now, free):
            raise GrantBusy(f"another run is at work on {grant}")

    def renew(self, grant: GrantId, owner: str, now: datetime) -> None:
        """Prolong a lease that this owner must still have.

        Raises
        ------
        LeaseLost
            When the lease has expired, or is another's by now.
        """
        if not self._write(grant, owner, now, "lease_owner = :me AND lease_until >= :now"):
            raise LeaseLost(f"the lease of {grant} expired; another run may have taken over")

    def release(self, grant: GrantId, owner: str) -> None:
        """Give the lease back, if it is still this owner's."""
        with translated(f"release {grant}"):
            try:
                self._table.client.delete_item(
                    TableName=self._table.name,
                    Key=serialized({"pk": partition_key(grant), "sk": SORT_KEY}),
                    ConditionExpression="lease_owner = :me",
                    ExpressionAttributeValues=serialized({":me": owner}),
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise

    def _write(self, grant: GrantId, owner: str, now: datetime, condition: str) -> bool:
        values = {":me": owner, ":now": instant(now), ":until": instant(now + DURATION)}
        written = self._table.update(
            partition_key(grant),
            SORT_KEY,
            "SET lease_owner = :me, lease_until = :until",
            values,
            condition,
        )
        return written is not None


def partition_key(grant: GrantId) -> str:
    """The partition key of all items of a grant."""
    return f"GRANT#{grant}"
