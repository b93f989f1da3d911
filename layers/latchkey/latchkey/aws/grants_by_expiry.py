"""The index of live grants by expiry: what is there, what is due, and what ends soon.

Grants in the stack's own account stand under one partition key, those in each other account under
one of its own. Which accounts there are, their markers say, which stand before all grants of the
first: what is read of it says where else to read, so that a stack without any reads nothing more.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import Self

from latchkey.aws.error_codes import translated
from latchkey.aws.table import Item, Table, plain, serialized
from latchkey.concurrency import concurrently
from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.grants.record import Overdue
from latchkey.keys import ACCOUNT, STATE, account_partition, file_partition, use_partition
from latchkey.times import instant

INDEX = "by-expiry"
LIVE = "LIVE"
"""The index's partition key, which the states of live grants in the stack's own account have.

Beside them only the markers of other accounts have it (`marker_keys`).
"""
_IN_ACCOUNT = f"{LIVE}#"
_BEFORE_ALL = "0000#"
"""What a marker's place in the index begins with; no time does."""
_PAST_MARKERS = "0001"

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


def live_in(account: str | None) -> str:
    """The partition key of the live grants in an account; None is the stack's own."""
    return f"{_IN_ACCOUNT}{account}" if account else LIVE


def marker_keys(account: str) -> Item:
    """The keys of the item that says that there is an account beside the stack's own."""
    place = {"live": LIVE, "expires_at": f"{_BEFORE_ALL}{account}"}
    return {"pk": account_partition(account), "sk": STATE, **place}


class LiveGrant(Frozen):
    """One grant, as the index has it; `account` is None in the stack's own."""

    id: GrantId
    expires_at: str = ""
    status: str | None = None
    role_digest: str | None = None
    guardrails: str | None = None
    last_used: str | None = None
    active_since: str | None = None
    instruction: str | None = None
    account: str | None = None

    @classmethod
    def from_item(cls, item: Item) -> Self:
        """The grant in an item of the index."""
        _, _, account = item["live"].partition("#")
        known = (*(item.get(name) for name in INDEXED), account or None)
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
        """All of them, in all accounts; a call per account and page of about a megabyte."""
        return self._everywhere("query live grants", "", {})

    def by_account(self) -> dict[str | None, list[LiveGrant]]:
        """All of them, by the accounts on record; the stack's own is None, and always there."""
        items = [*self._items("query live grants", LIVE)]
        accounts = (_marked(item) for item in items)
        own = [LiveGrant.from_item(item) for item in items if not _marked(item)]
        return {None: own, **{one: [*self.of_account(one)] for one in accounts if one}}

    def of_account(self, account: str | None) -> Iterator[LiveGrant]:
        """Those in one account; None is the stack's own."""
        for item in self._items("query live grants", live_in(account)):
            if not _marked(item):
                yield LiveGrant.from_item(item)

    def accounts(self) -> list[str]:
        """The accounts on record beside the stack's own, in their order."""
        before = {":first": _BEFORE_ALL, ":grants": _PAST_MARKERS}
        within = "expires_at BETWEEN :first AND :grants"
        return [*filter(None, map(_marked, self._items("query accounts", LIVE, within, before)))]

    def between(self, start: str, end: str) -> Iterator[LiveGrant]:
        """Those that expire from `start` to `end`; a call per account and page of a megabyte.

        What is before is read, too, since the markers are; it is little, being overdue.
        """
        until = self._everywhere("query what expires soon", "expires_at <= :end", {":end": end})
        return (grant for grant in until if grant.expires_at >= start)

    def due(self, now: datetime) -> list[Overdue]:
        """All that are past their expiry, in all accounts, the longest overdue first."""
        found = self._everywhere("query what is due", "expires_at <= :now", {":now": instant(now)})
        overdue = [Overdue(grant.id, grant.expires_at) for grant in found]
        return sorted(overdue, key=lambda one: one.since)

    def begun(self, until: datetime | None = None) -> Iterator[LiveGrant]:
        """Those with changes that are not recorded, whether they have a record or not.

        `until` leaves out those whose run has its lease for longer: it may be at work.
        """
        ended = {":until": instant(until)} if until else {}
        condition = "expires_at <= :until" if until else ""
        for item in self._items("query what is not recorded", BEGUN, condition, ended):
            yield LiveGrant(_named(item))

    def troubled(self) -> Iterator[TroubledFile]:
        """The config files whose newest version was rejected or failed, the oldest first."""
        return map(TroubledFile.from_item, self._items("query files with problems", TROUBLED))

    def used(self, grant: GrantId, when: str) -> None:
        """Note when a grant was last used, beside its record, which only the recorder writes."""
        key = {"pk": use_partition(grant), "sk": STATE}
        self._table.put({**key, **vars(grant), "live": _USED, "expires_at": when})

    def last_used(self) -> dict[GrantId, str]:
        """When grants were last used, as far as it was noted; a call per page of a megabyte."""
        noted = self._items("query last uses", _USED)
        return {_named(item): item["expires_at"] for item in noted}

    def last_used_of(self, grants: Iterable[GrantId]) -> dict[GrantId, str]:
        """The same of some grants, whatever there are beside them; a call per hundred."""
        keys = [(use_partition(grant), STATE) for grant in grants]
        noted = self._table.found("read last uses", keys)
        return {_named(item): item["expires_at"] for item in noted}

    def _everywhere(self, doing: str, condition: str, values: Item) -> Iterator[LiveGrant]:
        """Those of the stack's own account, and then of each whose marker stands before them."""
        accounts = []
        for item in self._items(doing, LIVE, condition, values):
            if account := _marked(item):
                accounts.append(account)
            else:
                yield LiveGrant.from_item(item)
        asked = ((doing, live_in(account), condition, values) for account in accounts)
        for found in concurrently(*(partial(self._listed, *one) for one in asked)):
            yield from map(LiveGrant.from_item, found)

    def _listed(self, doing: str, live: str, condition: str, values: Item) -> list[Item]:
        return [*self._items(doing, live, condition, values)]

    def _items(
        self, doing: str, live: str, condition: str = "", values: Item | None = None
    ) -> Iterator[Item]:
        """The items of a partition by their places in it, ascending, which is said, not implied."""
        within = f"live = :live AND {condition}" if condition else "live = :live"
        pages = self._table.client.get_paginator("query").paginate(
            TableName=self._table.name,
            IndexName=INDEX,
            KeyConditionExpression=within,
            ExpressionAttributeValues=serialized({":live": live, **(values or {})}),
            ScanIndexForward=True,
        )
        with translated(doing):
            for page in pages:
                yield from map(plain, page["Items"])


def _marked(item: Item) -> str | None:
    """The account that an item is the marker of; None of a grant."""
    kind, _, account = str(item["pk"]).partition("#")
    return account if kind == ACCOUNT else None


def _named(item: Item) -> GrantId:
    return GrantId(item["partner"], item["grant"])
