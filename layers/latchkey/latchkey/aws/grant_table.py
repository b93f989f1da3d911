"""The grant table: states, config files and history (docs/contract.md, "Grant table")."""

from collections.abc import Sequence
from typing import Any

from botocore.exceptions import ClientError

from latchkey.aws.authors import author_in
from latchkey.aws.claims import Claim, claim_write
from latchkey.aws.config_files import bind_write
from latchkey.aws.error_codes import error_code, translated
from latchkey.aws.history_chains import HistoryChains
from latchkey.aws.run_record import RunRecord, account_beside, record_writes
from latchkey.aws.table import Item, Table, serialized
from latchkey.errors import LeaseLost, PlanStale, Throttled
from latchkey.grant_id import GrantId
from latchkey.grants.file_record import FileRecord
from latchkey.grants.record import GrantRecord
from latchkey.history.chain import Head, written_already
from latchkey.keys import (
    CHAIN,
    LEASE,
    STATE,
    account_partition,
    author_partition,
    author_sort_key,
    file_partition,
    grant_partition,
    lease_partition,
)
from latchkey.newer_python import batched

_MOST_WRITES = 100
"""Of one transaction (DynamoDB API reference, TransactWriteItems)."""
_TRIES = 5
"""Of a record whose chain another run has extended meanwhile, as runs for one file may."""
_REFUSED = "ConditionalCheckFailed"
_PASSING = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}


class GrantTable:
    """Reads grants, and records outcomes under the grant's lease.

    `home` is the stack's own account, without which nothing is recorded.
    """

    def __init__(self, table: Table, home: str = "") -> None:
        self._table = table
        self._home = home

    def get(self, grant: GrantId) -> GrantRecord | None:
        """The grant's present state, or None when there never was one."""
        item = self._table.get(grant_partition(grant), STATE)
        return GrantRecord.from_document(item).at_rest() if item else None

    def file(self, key: str) -> Item | None:
        """What the last run made of a config file: `partner`, `grant`, `outcome`, `config_version`.

        `partner` and `grant` are missing when the file never named a grant.
        """
        return self._table.get(file_partition(key), STATE)

    def file_by(self, key: str, version: str | None) -> FileRecord:
        """What is on record of a config file, and who wrote a version of it; in one read."""
        if version is None:
            return FileRecord(self.file(key))
        file, author = self._table.get_all(
            [(file_partition(key), STATE), (author_partition(key), author_sort_key(version))]
        )
        return FileRecord(file, author_in(author))

    def file_and_grant(
        self, key: str, grant: GrantId, version: str | None
    ) -> tuple[FileRecord, GrantRecord | None]:
        """What is on record of a file and of a version's author, and a grant's state; one read."""
        named = [(file_partition(key), STATE), (grant_partition(grant), STATE)]
        named += [(author_partition(key), author_sort_key(version))] if version else []
        file, state, author = (*self._table.get_all(named), None)[:3]
        record = GrantRecord.from_document(state).at_rest() if state else None
        return FileRecord(file, author_in(author)), record

    def secure(
        self,
        grant: GrantId,
        claims: Sequence[Claim],
        key: str | None,
        before: Item | None,
        beside: Sequence[Item] = (),
    ) -> tuple[Claim, ...]:
        """Make a grant's claims, and note that a file stands for it; all or nothing.

        `before` is the file's item as it was read, `beside` are items to be written with it.
        Answers which claims are another's; if any is, nothing is written.

        Raises
        ------
        PlanStale
            When the file's item is not as it was read any more.
        """
        table = self._table.name
        writes: list[Any] = [claim_write(table, one, grant) for one in claims]
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
                pairs = zip(claims, codes, strict=False)
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
        if not self._home:
            raise ValueError("the account of the stack is not known, so nothing is recorded")
        with translated(f"record {entry.grant}"):
            for left in reversed(range(_TRIES)):
                head, spoke = self._found_before(entry)
                if written_already(entry.entries, head):
                    return self._holds_lease(entry)
                writes = [*record_writes(self._table.name, entry, head, self._home), *spoke]
                try:
                    self._write(writes)
                except ClientError as error:
                    if error_code(error) != "TransactionCanceledException":
                        raise
                    if left and _only_the_chain(error, writes):
                        continue
                    return self._resolve(error, entry)
                return True
        raise AssertionError("the last try answers or raises")

    def _found_before(self, entry: RunRecord) -> tuple[Head, list[Any]]:
        """The head of the entry's chain, and what makes a grant in another account be found.

        That is its account's marker, where there is none; both are read in one call.
        """
        account = account_beside(entry.state, self._home)
        if account is None:
            return self._head(entry), []
        chains = [(entry.partition, CHAIN)] if entry.partition else []
        *heads, marker = self._table.get_all([*chains, (account_partition(account), STATE)])
        head = Head.of(heads[0]) if heads else Head()
        if marker:
            return head, []
        from latchkey.aws.spoke_records import marker_write  # not loaded where there is no account

        since = entry.state.updated_at if entry.state else ""
        return head, [marker_write(self._table.name, account, since)]

    def _head(self, entry: RunRecord) -> Head:
        if entry.partition is None or not (entry.entries or entry.state):
            return Head()
        return HistoryChains(self._table).head(entry.partition)

    def _write(self, writes: Sequence[Any]) -> None:
        early, last = writes[_MOST_WRITES:], writes[:_MOST_WRITES]
        for portion in (*batched(early, _MOST_WRITES), last):
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


def _only_the_chain(error: ClientError, writes: Sequence[Any]) -> bool:
    """Whether nothing but the head of the chain was other than it was read."""
    codes = [reason.get("Code") for reason in error.response.get("CancellationReasons", [])]
    refused = [n for n, code in enumerate(codes) if code == _REFUSED]
    return len(refused) == 1 and _sort_key(writes[refused[0]]) == CHAIN


def _sort_key(write: Any) -> str:
    ((_, what),) = write.items()
    return str((what.get("Item") or what["Key"])["sk"]["S"])
