"""Whether a history is as it was written: the first broken link of its chain, if there is one."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from latchkey.frozen import Frozen
from latchkey.history.chain import LINK, Head, Item, digest, is_entry, time_of
from latchkey.keys import CHAIN, STATE

Fault = Literal["changed", "missing", "added", "restarted"]


class BrokenLink(Frozen):
    """One item that is not as it was written.

    `sk` is the item; `fault` what became of it. One that is `restarted` begins a chain, though
    there was one before. `expected` is the digest that the item was written with, None where no
    item says that it was written at all; `found` that of the item as it is, None where it is
    missing. `said_by` is the sort key of the item that expects it.
    """

    sk: str
    fault: Fault
    expected: str | None = None
    found: str | None = None
    said_by: str | None = None


class Checked(Frozen):
    """What a check came to: entries in the chain, entries from before it, what is broken.

    `since` is when the chain begins, None where nothing of the history is in one. `broken` are in
    the order of their times, the state and the head of the chain last.
    """

    entries: int
    older: int
    since: str | None
    broken: tuple[BrokenLink, ...]

    @property
    def first(self) -> BrokenLink | None:
        """The first broken link."""
        return self.broken[0] if self.broken else None


def check(items: Iterable[Item]) -> Checked:
    """Check the items of one partition: entries, state and the head of the chain; all of them."""
    found = {str(item["sk"]): item for item in items}
    entries = {sk: item for sk, item in found.items() if is_entry(sk)}
    chain = {sk: item for sk, item in entries.items() if LINK in item}
    older = {sk: item for sk, item in entries.items() if LINK not in item}
    head = found.get(CHAIN)
    if head is None and not chain:
        return Checked(0, len(older), None, tuple(_state_alone(found, older)))
    begun = min((since for item in chain.values() if (since := _since(item))), default=None)
    faults = [
        *_head(head, chain, entries),
        *_links(chain, entries),
        *_restarts(chain),
    ]
    faults += [
        *_added(chain, Head.of(head), faults),
        *(_unlinked(sk, item) for sk, item in older.items() if _after(sk, begun, chain)),
        *_state_as_written(found.get(STATE), Head.of(head)),
    ]
    broken = {fault.sk: fault for fault in reversed(faults)}
    return Checked(len(chain), len(older), begun, tuple(sorted(broken.values(), key=_by_time)))


def _by_time(fault: BrokenLink) -> tuple[bool, str]:
    return (not is_entry(fault.sk), time_of(fault.sk) if is_entry(fault.sk) else fault.sk)


def _head(
    head: Item | None, chain: Mapping[str, Item], entries: Mapping[str, Item]
) -> Iterator[BrokenLink]:
    """The last entry has to be as the head says; a chain has to have a head."""
    known = Head.of(head)
    if head is None:
        yield BrokenLink(CHAIN, "missing")
    elif known.last_sk and known.last_digest:
        yield from _as_written(known.last_sk, known.last_digest, CHAIN, entries)
    elif chain:
        yield BrokenLink(CHAIN, "changed", None, digest(head))


def _links(chain: Mapping[str, Item], entries: Mapping[str, Item]) -> Iterator[BrokenLink]:
    """Each entry has to find the one before it as it was written."""
    for sk, item in chain.items():
        before = _previous(item)
        if before:
            yield from _as_written(before["sk"], before["digest"], sk, entries)


def _as_written(
    sk: str, expected: str, said_by: str, entries: Mapping[str, Item]
) -> Iterator[BrokenLink]:
    item = entries.get(sk)
    if item is None:
        yield BrokenLink(sk, "missing", expected, None, said_by)
    elif (as_it_is := digest(item)) != expected:
        yield BrokenLink(sk, "changed", expected, as_it_is, said_by)


def _restarts(chain: Mapping[str, Item]) -> Iterator[BrokenLink]:
    """Only one entry may begin a chain."""
    begun = sorted((sk for sk, item in chain.items() if _since(item)), key=time_of)
    for sk in begun[1:]:
        yield BrokenLink(sk, "restarted", None, digest(chain[sk]))


def _added(
    chain: Mapping[str, Item], head: Head, faults: Iterable[BrokenLink]
) -> Iterator[BrokenLink]:
    """Each entry has to be known to the next one or to the head.

    Before every other fault the chain may end: the last entry there is nobody's addition.
    """
    known = {before["sk"] for item in chain.values() if (before := _previous(item))}
    unknown = sorted({*chain} - known - {str(head.last_sk)}, key=time_of)
    for fault in sorted(faults, key=_by_time):
        ends = [sk for sk in unknown if fault.sk == CHAIN or _not_after(sk, fault.sk)]
        unknown = [sk for sk in unknown if sk not in ends[-1:]]
    for sk in unknown:
        yield BrokenLink(sk, "added", None, digest(chain[sk]))


def _not_after(sk: str, other: str) -> bool:
    return sk != other and time_of(sk) <= time_of(other)


def _unlinked(sk: str, item: Item) -> BrokenLink:
    return BrokenLink(sk, "added", None, digest(item))


def _after(sk: str, begun: str | None, chain: Mapping[str, Item]) -> bool:
    """Whether an entry without a link is newer than the chain's beginning."""
    if begun is None:  # the chain's first entry is gone, which is said by another fault
        begun = min(map(time_of, chain), default=None)
    return begun is not None and time_of(sk) > begun


def _state_as_written(state: Item | None, head: Head) -> Iterator[BrokenLink]:
    """The state has to be as it was written, if it was written since there is a chain."""
    expected = head.state_digest
    if expected is None:
        return
    if state is None:
        yield BrokenLink(STATE, "missing", expected, None, CHAIN)
    elif (found := digest(state)) != expected:
        yield BrokenLink(STATE, "changed", expected, found, CHAIN)


def _state_alone(found: Mapping[str, Item], older: Mapping[str, Item]) -> Iterator[BrokenLink]:
    """A grant with a state has a history, from before the chain as well."""
    if STATE in found and not older:
        yield BrokenLink(STATE, "added", None, digest(found[STATE]))


def _place(item: Item) -> Mapping[str, Any]:
    place = item[LINK]
    return place if isinstance(place, Mapping) else {}


def _previous(item: Item) -> Mapping[str, str] | None:
    before = _place(item).get("previous")
    if not (isinstance(before, Mapping) and {"sk", "digest"} <= before.keys()):
        return None
    return {"sk": str(before["sk"]), "digest": str(before["digest"])}


def _since(item: Item) -> str | None:
    since = _place(item).get("since")
    return since if isinstance(since, str) else None
