"""The hash chain of a history: each entry carries the digest of the one written before it.

An entry is an `EVENT#` or `ACCESS#` item of one partition, as a plain item; its attribute `chain`
says where it stands: `number`, from 1, and `previous` (`sk`, `digest`) or, in the first, `since`:
what is older is from before the chain. Entries follow each other as they were written, which may
not be the order of their times: what a run left behind that died is put on record by the next.

The `CHAIN` item of the partition is the chain's head: `last_sk`, `last_digest`, `number`, and
`state_digest`, the digest of the grant's `STATE` as it was last written. So the last entry cannot
go unnoticed either.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Any, TypeAlias

from latchkey.frozen import Frozen
from latchkey.keys import ACCESS, EVENT

Item: TypeAlias = Mapping[str, Any]

LINK = "chain"
"""The attribute of an entry that says where it stands."""


class Head(Frozen):
    """What the `CHAIN` item says: the last entry, how many there are, the digest of the state.

    Of a partition that has no entries yet, `number` is 0, and there is no last one.
    """

    last_sk: str | None = None
    last_digest: str | None = None
    number: int = 0
    state_digest: str | None = None

    @classmethod
    def of(cls, item: Item | None) -> "Head":
        """The head in a `CHAIN` item, or that of a partition without one."""
        found = item or {}
        number, names = found.get("number"), ("last_sk", "last_digest", "state_digest")
        last_sk, last_digest, state = (_text(found.get(name)) for name in names)
        counted = int(number) if isinstance(number, int | Decimal) else 0
        return cls(last_sk, last_digest, counted, state)


def _text(value: Any) -> str | None:
    """A text of an item, which may have been written by anybody."""
    return None if value is None else str(value)


def digest(item: Item) -> str:
    """The SHA-256, in hexadecimal, of an item as canonical JSON.

    Keys are sorted, nothing stands between them, other characters than ASCII are escaped; numbers
    read alike before DynamoDB has them and after. An attribute that is None counts, as a null that
    is stored does.
    """
    text = json.dumps(_canonical(item), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return sha256(text.encode()).hexdigest()


def is_entry(sort_key: str) -> bool:
    """Whether an item of a partition is one of the chain's entries, by its sort key."""
    return sort_key.startswith((EVENT, ACCESS))


def chained(entries: Iterable[Item], head: Head) -> tuple[list[dict[str, Any]], Head]:
    """Entries as they are written after a head, and the head after them.

    They are in the order in which they follow each other; attributes that are None are left out,
    as the table leaves them out.
    """
    given = [{name: v for name, v in item.items() if v is not None} for item in entries]
    since = max((time_of(item["sk"]) for item in given), default="")
    written = []
    for item in given:
        before = {"sk": head.last_sk, "digest": head.last_digest}
        place = {"previous": before} if head.last_sk else {"since": since}
        linked = {**item, LINK: {"number": head.number + 1, **place}}
        written.append(linked)
        head = Head(item["sk"], digest(linked), head.number + 1, head.state_digest)
    return written, head


def written_already(entries: Sequence[Item], head: Head) -> bool:
    """Whether the last of some entries is the last of the chain: then this is a retry."""
    return bool(entries) and entries[-1]["sk"] == head.last_sk


def time_of(sort_key: str) -> str:
    """The time in an entry's sort key."""
    return sort_key.partition("#")[2].partition("#")[0]


def _canonical(value: Any) -> Any:
    match value:
        case None | bool() | str():
            return value
        case int() | Decimal():
            return int(value) if value == int(value) else {"N": str(value)}
        case bytes():
            return {"B": value.hex()}
        case Mapping():
            return {str(name): _canonical(one) for name, one in value.items()}
        case set() | frozenset():
            return sorted(map(str, value))
        case list() | tuple():
            return [_canonical(one) for one in value]
        case _:
            raise TypeError(f"a history holds no {type(value).__name__}")
