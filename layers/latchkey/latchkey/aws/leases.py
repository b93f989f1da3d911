"""Leases: one run per grant at a time."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from latchkey.aws.error_codes import error_code, translated
from latchkey.aws.table import Table, serialized
from latchkey.errors import GrantBusy, LeaseLost
from latchkey.grant_id import GrantId
from latchkey.keys import LEASE, lease_partition
from latchkey.times import instant

DURATION = timedelta(minutes=3)
"""How long a run keeps a grant without renewing: longer than any function's timeout."""

IntentLog = Sequence[dict[str, Any]]
"""The changes that a run intends to make, as JSON data in their order. They stay on the lease until
a run has recorded them, so that the next run sees what may have been done."""


class Leases:
    """A lease is an item in a partition of its own, with its owner and its end.

    So those that write leases need not be able to write what is on record of grants.

    It also holds the intent log, the changes that are not recorded yet: a run that takes over from
    one that died knows what may have been done.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def acquire(self, grant: GrantId, owner: str, now: datetime) -> IntentLog:
        """Take the grant's lease, or prolong it when `owner` has it already.

        Answers the changes of earlier runs that are not recorded.

        Raises
        ------
        GrantBusy
            When another owner's lease has not expired.
        """
        free = "attribute_not_exists(lease_owner) OR lease_owner = :me OR lease_until < :now"
        lease = self._write(grant, owner, now, free)
        if lease is None:
            raise GrantBusy(f"another run is at work on {grant}")
        return lease

    def begin(self, grant: GrantId, owner: str, now: datetime, changes: IntentLog) -> IntentLog:
        """Prolong a lease that this owner must still have, and note what is about to be done.

        Answers the changes of earlier runs that are not recorded.

        Raises
        ------
        LeaseLost
            When the lease has expired, or is another's by now.
        """
        mine = "lease_owner = :me AND lease_until >= :now"
        lease = self._write(grant, owner, now, mine, changes)
        if lease is None:
            raise LeaseLost(f"the lease of {grant} expired; another run may have taken over")
        return lease[: len(lease) - len(changes)]

    def release(self, grant: GrantId, owner: str) -> None:
        """Give the lease back, if it is still this owner's."""
        with translated(f"release {grant}"):
            try:
                self._table.client.delete_item(
                    TableName=self._table.name,
                    Key=serialized({"pk": lease_partition(grant), "sk": LEASE}),
                    ConditionExpression="lease_owner = :me",
                    ExpressionAttributeValues=serialized({":me": owner}),
                )
            except ClientError as error:
                if error_code(error) != "ConditionalCheckFailedException":
                    raise

    def abandon(self, grant: GrantId, owner: str) -> None:
        """Give the lease back, if it is this owner's, and keep its intent log."""
        mine = "lease_owner = :me"
        expression = "REMOVE lease_owner"
        self._table.update(lease_partition(grant), LEASE, expression, {":me": owner}, mine)

    def _write(
        self, grant: GrantId, owner: str, now: datetime, condition: str, changes: IntentLog = ()
    ) -> IntentLog | None:
        written = self._table.update(
            lease_partition(grant),
            LEASE,
            "SET lease_owner = :me, lease_until = :until, "
            "begun = list_append(if_not_exists(begun, :none), :changes)",
            {
                ":me": owner,
                ":now": instant(now),
                ":until": instant(now + DURATION),
                ":none": [],
                ":changes": [json.dumps(change) for change in changes],
            },
            condition,
        )
        return None if written is None else tuple(map(json.loads, written["begun"]))
