"""What a run writes down, in one transaction: state, files, history, claims, its lease."""

from collections.abc import Iterator
from typing import Any

from latchkey.aws.access_history import lookup_writes, snapshot_item
from latchkey.aws.claims import release_write
from latchkey.aws.config_files import Versions, file_writes
from latchkey.aws.grants_by_expiry import live_in
from latchkey.aws.history_chains import chain_writes
from latchkey.aws.table import Item, serialized
from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.grants.record import GrantRecord
from latchkey.history.chain import Head
from latchkey.history.snapshot import AccessSnapshot
from latchkey.keys import LEASE, STATE, grant_partition, lease_partition

_NULL = {"NULL": True}


class RunRecord(Frozen):
    """What one run writes down, in one transaction.

    `event` is an event for the history with its time-ordered `sk`; `pk` is the grant's key or, for
    a config that names no grant, the file's. `file` is the outcome for the config file
    `config_key`, to be written only over one of the `expected` versions, if given;
    `ended` a config file and the grant that it no longer stands for. `released` are the partitions
    of claims that the grant gives back. With a `grant` the run must still hold its lease, on which
    the intent log is empty then. `snapshot` is what the grant allows from now on. `found` are
    events and snapshots of runs before that died, in the order of their times.
    """

    owner: str
    grant: GrantId | None = None
    state: GrantRecord | None = None
    event: Item | None = None
    file: Item | None = None
    expected: Versions | None = None
    ended: tuple[str, GrantId] | None = None
    released: tuple[str, ...] = ()
    snapshot: AccessSnapshot | None = None
    found: tuple[tuple[Item, AccessSnapshot | None], ...] = ()

    @property
    def entries(self) -> list[Item]:
        """What it adds to the history, in its order: events, and the snapshots that go with them.

        A snapshot that is there twice leads to the same.
        """
        facts = (*self.found, (self.event, self.snapshot))
        items = (
            item
            for event, snapshot in facts
            for item in (event, snapshot_item(snapshot) if snapshot else None)
            if item
        )
        return [*{item["sk"]: item for item in items}.values()]

    @property
    def partition(self) -> str | None:
        """The partition of its history; None of a record that neither adds to one nor has one."""
        if self.grant:
            return grant_partition(self.grant)
        return str(self.event["pk"]) if self.event else None


def account_beside(state: GrantRecord | None, home: str) -> str | None:
    """The account of a live grant that is not in the stack's own."""
    if state is None or not state.live or state.account == home:
        return None
    return state.account


def record_writes(table: str, entry: RunRecord, head: Head, home: str) -> Iterator[Any]:
    """The writes of the transaction that writes an entry down, after the head of its chain.

    `home` is the stack's own account.
    """
    name = {"TableName": table}
    state = _state_item(entry.state, home) if entry.state else None
    if state:
        yield {"Put": {**name, "Item": state}}
    yield from file_writes(table, entry.file, entry.expected, entry.ended)
    if entry.partition:
        yield from chain_writes(table, entry.partition, entry.entries, state, head)
    yield from (release_write(table, one, entry.grant) for one in entry.released)
    if entry.grant:
        yield {
            "Update": {
                **name,
                "Key": serialized({"pk": lease_partition(entry.grant), "sk": LEASE}),
                "UpdateExpression": "REMOVE intents, begun_config, live, expires_at",
                "ConditionExpression": "lease_owner = :me",
                "ExpressionAttributeValues": serialized({":me": entry.owner}),
            }
        }
    yield from _lookups(table, entry)


def _lookups(table: str, entry: RunRecord) -> Iterator[Any]:
    """Where to find the snapshots; a transaction writes an item once, and they lead to the same."""
    snapshots = (*(snapshot for _, snapshot in entry.found), entry.snapshot)
    writes = (write for each in snapshots if each for write in lookup_writes(table, each))
    keys = ("pk", "sk")
    yield from {
        tuple(write["Put"]["Item"][key]["S"] for key in keys): write for write in writes
    }.values()


def _state_item(state: GrantRecord, home: str) -> Item:
    """All fields, null where there is no value, except `expires_at`: an index key is no null."""
    document = state.at_rest().document()
    nulls = {name: _NULL for name, value in document.items() if value is None}
    nulls.pop("expires_at", None)
    live = {"live": live_in(account_beside(state, home))} if state.live else {}
    key = {"pk": grant_partition(state.id), "sk": STATE}
    return {**serialized({**key, **document, **live}), **nulls}
