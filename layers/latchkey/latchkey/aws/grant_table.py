"""The grant table: states, config files and history (docs/contract.md, "Grant table")."""

from collections.abc import Iterator, Sequence
from itertools import batched
from typing import Any

from botocore.exceptions import ClientError

from latchkey.aws.access_history import snapshot_writes
from latchkey.aws.config_files import Versions, bind_write, file_writes
from latchkey.aws.error_codes import error_code, translated
from latchkey.aws.external_ids import claim_write
from latchkey.aws.grants_by_expiry import LIVE
from latchkey.aws.table import Item, Table, serialized
from latchkey.errors import LeaseLost, PlanStale, Throttled
from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.grants.record import GrantRecord
from latchkey.history.snapshot import AccessSnapshot
from latchkey.keys import (
    CLAIM,
    LEASE,
    STATE,
    claim_partition,
    file_partition,
    grant_partition,
    lease_partition,
)

_MOST_WRITES = 100
"""Of one transaction (DynamoDB API reference, TransactWriteItems)."""
_NULL = {"NULL": True}
_REFUSED = "ConditionalCheckFailed"
_PASSING = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}


class RunRecord(Frozen):
    """What one run writes down, in one transaction.

    `event` is an event for the history with its time-ordered `sk`; `pk` is the grant's key or, for
    a config that names no grant, the file's. `file` is the outcome for the config file
    `config_key`, to be written only over one of the `expected` versions, if given;
    `ended` a config file and the grant that it no longer stands for. `released` are external IDs
    that the grant no longer uses. With a `grant` the run must still hold its lease, on which
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


class GrantTable:
    """Reads grants, and records outcomes under the grant's lease."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, grant: GrantId) -> GrantRecord | None:
        """The grant's present state, or None when there never was one."""
        item = self._table.get(grant_partition(grant), STATE)
        return GrantRecord.from_document(item).at_rest() if item else None

    def file(self, key: str) -> Item | None:
        """What the last run made of a config file: `partner`, `grant`, `outcome`, `config_version`.

        `partner` and `grant` are missing when the file never named a grant.
        """
        return self._table.get(file_partition(key), STATE)

    def file_and_grant(self, key: str, grant: GrantId) -> tuple[Item | None, GrantRecord | None]:
        """What the last run made of a config file, and a grant's present state, in one read."""
        named = (file_partition(key), STATE), (grant_partition(grant), STATE)
        file, state = self._table.get_all(named)
        return file, GrantRecord.from_document(state).at_rest() if state else None

    def secure(
        self,
        grant: GrantId,
        external_ids: Sequence[str],
        key: str | None,
        before: Item | None,
        beside: Sequence[Item] = (),
    ) -> tuple[str, ...]:
        """Claim external IDs for a grant, and note that a file stands for it; all or nothing.

        `before` is the file's item as it was read, `beside` are items to be written with it.
        Answers which external IDs are in use for another partner; if any is, nothing is written.

        Raises
        ------
        PlanStale
            When the file's item is not as it was read any more.
        """
        table = self._table.name
        writes: list[Any] = [claim_write(table, one, grant) for one in external_ids]
        writes += [{"Put": {"TableName": table, "Item": serialized(item)}} for item in beside]
        writes += [bind_write(table, key, grant, before)] if key else []
        if not writes:
            return ()
        with translated(f"claim and bind for {grant}"):
            try:
                self._table.client.transact_write_items(TransactItems=writes)
            except ClientError as error:
                if error_code(error) != "TransactionCanceledException":
                    raise
                codes = [reason.get("Code") for reason in error.response["CancellationReasons"]]
                pairs = zip(external_ids, codes, strict=False)
                if taken := tuple(one for one, code in pairs if code == _REFUSED):
                    return taken
                if codes[-1] == _REFUSED:
                    raise PlanStale(f"{key} was looked at by another run meanwhile") from error
                if _PASSING & {*codes}:
                    raise Throttled(f"claim and bind for {grant}: {codes}") from error
                raise
        return ()

    def record(self, entry: RunRecord) -> bool:
        """Write all of an entry or nothing; writing the same entry again changes nothing.

        Where a grant has more resources than one transaction takes, those that are left over are
        written first: they say only where to look, and are the same at every try.

        Answers whether the lease, where the entry has a grant, is this run's as it was: a retry
        may come after the run gave it back.

        Raises
        ------
        LeaseLost
            When the lease is another's by now, or the file's newest version, so that this run's
            view is outdated.
        """
        writes = list(_writes(self._table.name, entry))
        if not writes:
            return True
        with translated(f"record {entry.grant}"):
            try:
                self._write(writes)
            except ClientError as error:
                if error_code(error) != "TransactionCanceledException":
                    raise
                return self._resolve(error, entry)
        return True

    def _write(self, writes: Sequence[Any]) -> None:
        early, last = writes[_MOST_WRITES:], writes[:_MOST_WRITES]
        for portion in (*batched(early, _MOST_WRITES, strict=False), last):
            self._table.client.transact_write_items(TransactItems=portion)

    def _holds_lease(self, entry: RunRecord) -> bool:
        lease = self._table.get(lease_partition(entry.grant), LEASE) if entry.grant else None
        return entry.grant is None or (lease or {}).get("lease_owner") == entry.owner

    def _resolve(self, error: ClientError, entry: RunRecord) -> bool:
        written = entry.event or (entry.found[0][0] if entry.found else None)
        if written and self._table.get(written["pk"], written["sk"]):
            return self._holds_lease(entry)  # a retry of a write that had gone through
        codes = [reason.get("Code") for reason in error.response.get("CancellationReasons", [])]
        if _REFUSED in codes:
            raise LeaseLost(f"another run went ahead of the record of {entry.grant}") from error
        if _PASSING & {*codes}:
            raise Throttled(f"record {entry.grant}: {sorted(filter(None, codes))}") from error
        raise error


def _writes(table: str, entry: RunRecord) -> Any:
    name = {"TableName": table}
    if entry.state:
        yield {"Put": {**name, "Item": _state_item(entry.state)}}
    yield from file_writes(table, entry.file, entry.expected, entry.ended)
    events = [event for event, _ in entry.found]
    for event in (*events, entry.event) if entry.event else events:
        item = serialized(event)
        yield {"Put": {**name, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}
    for external_id in entry.released:
        yield {"Update": {**name, **_release(external_id, entry.grant)}}
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
    yield from _snapshots(table, entry)


def _snapshots(table: str, entry: RunRecord) -> Iterator[Any]:
    """The writes of all snapshots; a transaction writes an item once, and they lead to the same."""
    snapshots = (*(snapshot for _, snapshot in entry.found), entry.snapshot)
    writes = (write for snapshot in snapshots for write in snapshot_writes(table, snapshot))
    keys = ("pk", "sk")
    yield from {
        tuple(write["Put"]["Item"][key]["S"] for key in keys): write for write in writes
    }.values()


def _state_item(state: GrantRecord) -> Item:
    """All fields, null where there is no value, except `expires_at`: an index key is no null."""
    document = state.at_rest().document()
    nulls = {name: _NULL for name, value in document.items() if value is None}
    nulls.pop("expires_at", None)
    live = {"live": LIVE} if state.live else {}
    key = {"pk": grant_partition(state.id), "sk": STATE}
    return {**serialized({**key, **document, **live}), **nulls}


def _release(external_id: str, grant: GrantId | None) -> dict[str, Any]:
    return {
        "Key": serialized({"pk": claim_partition(external_id), "sk": CLAIM}),
        "UpdateExpression": "DELETE grants :grant",
        "ExpressionAttributeValues": serialized({":grant": {str(grant)}}),
    }
