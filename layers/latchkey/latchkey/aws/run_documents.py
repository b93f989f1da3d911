"""What the steps of a run hand to each other: JSON data in the grant table, by reference.

An execution's state, and so its history, has only a reference: Step Functions ends a run whose
state grows beyond 262,144 bytes, and no Catch sees it (developer guide, "Service quotas" and
"Error names": `States.DataLimitExceeded`). The data lie in a partition of the run, under their own
digest: what is stored is never written over with anything else, and whoever reads it sees that it
is what the reference was made for. They hold external IDs and policies, and go after `KEPT`.
"""

import hashlib
import json
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from latchkey.aws.table import Item, Table
from latchkey.errors import PlanStale
from latchkey.grants.plan import Stored

KEPT = timedelta(days=30)
"""Longer than an execution can be redriven, which is 14 days after its end (Step Functions
developer guide, "Redriving executions"). The table's TTL removes what is older."""

_MOST = 32_000_000
"""Bytes, unpacked; no plan comes near it."""

_PART = 350_000
"""Bytes: an item has at most 400 KB, with its keys (DynamoDB developer guide, "Quotas")."""


class RunDocuments:
    """Stores JSON data for a run, and reads them back as they were."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def put(self, partition: str, document: dict[str, Any], now: datetime) -> Stored:
        """Store data in a partition; storing the same again changes nothing but how long they stay.

        The reference is known when everything is written, so no step sees half of it.
        """
        stored, writes = self.writes(partition, document, now)
        for write in writes:
            self._table.put(write)
        return stored

    def writes(
        self, partition: str, document: dict[str, Any], now: datetime
    ) -> tuple[Stored, list[Item]]:
        """The reference to data, and the items to write for it: beside others in a transaction."""
        text = json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")
        packed, digest = zlib.compress(text), hashlib.sha256(text).hexdigest()
        parts = [packed[begin : begin + _PART] for begin in range(0, len(packed), _PART)]
        gone = int((now + KEPT).timestamp())
        items = [
            {"pk": partition, "sk": _sort_key(digest, n), "content": part, "delete_after": gone}
            for n, part in enumerate(parts)
        ]
        return Stored(digest, len(parts)), items

    def get(self, *wanted: tuple[str, Stored]) -> list[dict[str, Any]]:
        """The data that references to partitions stand for, all in one call.

        Raises
        ------
        PlanStale
            When they are not there any more, or are not what was stored: the caller plans anew.
        """
        keys = [(at, _sort_key(it.digest, n)) for at, it in wanted for n in range(it.parts)]
        items = iter(self._table.get_all(keys) if keys else ())
        return [_read(at, it, [next(items) for _ in range(it.parts)]) for at, it in wanted]


def _sort_key(digest: str, number: int) -> str:
    return f"{digest}#{number:03}"


def _read(partition: str, stored: Stored, items: Sequence[Item | None]) -> dict[str, Any]:
    packed = b"".join(item["content"] for item in items if item)
    try:
        text = zlib.decompressobj().decompress(packed, _MOST)
    except zlib.error:
        text = b""
    if hashlib.sha256(text).hexdigest() != stored.digest:
        raise PlanStale(f"{partition} does not hold what was stored there ({stored.digest})")
    found: dict[str, Any] = json.loads(text.decode("utf-8", "surrogatepass"))
    return found
