"""The index of live grants by expiry: what is there, what is due, and what ends soon."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Self

from latchkey.aws.error_codes import translated
from latchkey.aws.table import Item, Table, plain, serialized
from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.grants.record import Overdue
from latchkey.keys import STATE, file_partition, use_partition
from latchkey.times import instant

INDEX = "by-expiry"
LIVE = "LIVE"
"""The index's partition key, which the states of live grants have and no other item."""

_USED = "USED"
"""The same of the items that say when a grant was last used, in the place of an expiry."""
BEGUN = "BEGUN"
"""The same of leases with an intent log; they stand at the end of the lease."""

TROUBLED = "TROUBLED"
"""The same of config files whose newest version was rejected or failed; they stand at when."""
CHAINS = "CHAIN"
"""The same of the heads of hash chains, ended grants' included: when their last entry was written.
"""

INDEXED = ("status", "role_digest", "guardrails", "last_used", "active_since", "instruction")
"""Attributes in the index beside the name and the expiry; the template projects these."""


class LiveGrant(Frozen):
    """One grant, as the index has it."""

    id: GrantId
    expires_at: str = ""
    status: str | None = None
    role_digest: str | None = None
    guardrails: str | None = None
    last_used: str | None = None
    active_since: str | None = None
    instruction: str | None = None

    @classmethod
    def from_item(cls, item: Item) -> Self:
        """The grant in an item of the index."""
        known = (item.get(name) for name in INDEXED)
        return cls(_named(item), item["expires_at"], *known)


class TroubledFile(Frozen):
    """A config file whose newest version was not granted, since `at` (`times.stamp`)."""

    key: str
    grant: GrantId | None
    at: str

    @classmethod
    def from_item(cls, item: Item) -> Self:
        """The file in an item of the index."""
        named = _named(item) if "partner" in item else None
        return cls(item["pk"].removeprefix(file_partition("")), named, item["expires_at"])


class LiveGrants:
    """Reads live grants from the index, never by a scan; notes when they are used."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def all(self) -> Iterator[LiveGrant]:
        """All of them; a call per page of about a megabyte."""
        return self._query("query live grants", "live = :live", {})

    def between(self, start: str, end: str) -> Iterator[LiveGrant]:
        """Those that expire from `start` to `end`; a call per page of about a megabyte."""
        within = "live = :live AND expires_at BETWEEN :start AND :end"
        return self._query("query what expires soon", within, {":start": start, ":end": end})

    def due(self, now: datetime) -> list[Overdue]:
        """All that are past their expiry, the longest overdue first; a call per megabyte of them.

        The order is said, not left to the default: by the index's sort key, ascending (DynamoDB
        API reference, Query, `ScanIndexForward`).
        """
        pages = self._table.client.get_paginator("query").paginate(
            **self._query_input("live = :live AND expires_at <= :now", {":now": instant(now)}),
            ScanIndexForward=True,
        )
        with translated("query what is due"):
            items = [plain(item) for page in pages for item in page["Items"]]
        return [Overdue(_named(item), item["expires_at"]) for item in items]

    def begun(self, until: datetime | None = None) -> Iterator[LiveGrant]:
        """Those with changes that are not recorded, whether they have a record or not.

        `until` leaves out those whose run has its lease for longer: it may be at work.
        """
        ended = {":until": instant(until)} if until else {}
        condition = "live = :live AND expires_at <= :until" if until else "live = :live"
        pages = self._table.client.get_paginator("query").paginate(
            **self._query_input(condition, ended, BEGUN)
        )
        with translated("query what is not recorded"):
            for page in pages:
                yield from (LiveGrant(_named(plain(item))) for item in page["Items"])

    def troubled(self) -> Iterator[TroubledFile]:
        """The config files whose newest version was rejected or failed, the oldest first."""
        pages = self._table.client.get_paginator("query").paginate(
            **self._query_input("live = :live", {}, TROUBLED)
        )
        with translated("query files with problems"):
            for page in pages:
                yield from (TroubledFile.from_item(plain(item)) for item in page["Items"])

    def used(self, grant: GrantId, when: str) -> None:
        """Note when a grant was last used, beside its record, which only the recorder writes."""
        key = {"pk": use_partition(grant), "sk": STATE}
        self._table.put({**key, **vars(grant), "live": _USED, "expires_at": when})

    def last_used(self) -> dict[GrantId, str]:
        """When grants were last used, as far as it was noted; a call per page of a megabyte."""
        noted = self._query("query last uses", "live = :live", {":live": _USED})
        return {grant.id: grant.expires_at for grant in noted}

    def _query(self, doing: str, condition: str, values: Item) -> Iterator[LiveGrant]:
        pages = self._table.client.get_paginator("query").paginate(
            **self._query_input(condition, values)
        )
        with translated(doing):
            for page in pages:
                yield from (LiveGrant.from_item(plain(item)) for item in page["Items"])

    def _query_input(self, condition: str, values: Item, live: str = LIVE) -> dict[str, Any]:
        return {
            "TableName": self._table.name,
            "IndexName": INDEX,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": serialized({":live": live, **values}),
        }


def _named(item: Item) -> GrantId:
    return GrantId(item["partner"], item["grant"])
