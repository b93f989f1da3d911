"""The accounts beside the stack's own in which there are grants, or that were checked."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from latchkey.aws.grants_by_expiry import LiveGrants, marker_keys
from latchkey.aws.table import Item, Table, serialized
from latchkey.frozen import Frozen
from latchkey.keys import STATE, account_partition
from latchkey.times import instant

_LONGEST_ERROR = 500


class SpokeRecord(Frozen):
    """What is on record of an account; times are `YYYY-MM-DDTHH:MM:SSZ`.

    It is known `since` then, was last checked for drift at `checked_at`, and, if that fails by now,
    last failed at `failed_at` by `error`. `version` is that of its spoke stack, as it was read
    there last.
    """

    account: str
    since: str | None = None
    checked_at: str | None = None
    failed_at: str | None = None
    error: str | None = None
    version: str | None = None


class SpokeRecords:
    """Reads and writes the items that stand for accounts (docs/contract.md, "Partitions").

    They are what the index of live grants says of accounts: an account that has none is not looked
    into by anybody who reads all live grants.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def all(self) -> list[SpokeRecord]:
        """All of them, by their accounts; a call where there are none."""
        accounts = LiveGrants(self._table).accounts()
        return sorted(self._read(accounts), key=lambda record: record.account)

    def get(self, account: str) -> SpokeRecord | None:
        """What is on record of an account, if anything."""
        item = self._table.get(account_partition(account), STATE)
        return SpokeRecord.from_document(item) if item else None

    def checked(self, account: str, now: datetime, version: str | None) -> None:
        """An account was checked for drift, whole."""
        told = {"version": version} if version else {}
        gone = ("failed_at", "error", *(() if version else ("version",)))
        self._update(account, now, {"checked_at": instant(now), **told}, gone)

    def failed(self, account: str, now: datetime, error: str) -> None:
        """An account could not be checked for drift, for a reason in words."""
        self._update(account, now, {"failed_at": instant(now), "error": _brief(error)})

    def _update(self, account: str, now: datetime, told: Item, gone: Iterable[str] = ()) -> None:
        """Write what is told; names stand apart, since DynamoDB keeps words such as `error`."""
        key = marker_keys(account)
        marks, values = _marking(account, instant(now))
        sets = ", ".join([marks, *(f"#{name} = :{name}" for name in told)])
        removed = ", ".join(f"#{name}" for name in gone)
        self._table.update(
            key["pk"],
            key["sk"],
            f"SET {sets} REMOVE {removed}" if removed else f"SET {sets}",
            {**values, **{f":{name}": value for name, value in told.items()}},
            names={f"#{name}": name for name in (*told, *gone)},
        )

    def _read(self, accounts: Iterable[str]) -> Iterable[SpokeRecord]:
        keys = [(account_partition(account), STATE) for account in accounts]
        found = self._table.found("read accounts", keys) if keys else ()
        return map(SpokeRecord.from_document, found)


def marker_write(table: str, account: str, since: str) -> Any:
    """The write that puts an account on record, within a transaction; what is there stays."""
    key = marker_keys(account)
    marks, values = _marking(account, since)
    return {
        "Update": {
            "TableName": table,
            "Key": serialized({name: key[name] for name in ("pk", "sk")}),
            "UpdateExpression": f"SET {marks}",
            "ExpressionAttributeValues": serialized(values),
        }
    }


def _brief(error: str) -> str:
    """An error of bounded length, which ends with a whole word."""
    if len(error) <= _LONGEST_ERROR:
        return error
    start = error[: _LONGEST_ERROR - 1]
    return f"{start.rpartition(' ')[0] or start[:-1]} …"


def _marking(account: str, since: str) -> tuple[str, Item]:
    place = marker_keys(account)
    values = {":live": place["live"], ":place": place["expires_at"], ":account": account}
    marks = "live = :live, expires_at = :place, account = :account"
    return f"{marks}, since = if_not_exists(since, :since)", {**values, ":since": since}
