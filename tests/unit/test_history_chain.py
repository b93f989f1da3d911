"""The hash chain of a history: what it covers, and that every way of breaking it is named."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from latchkey.aws.table import plain, serialized
from latchkey.history.chain import LINK, Head, chained, digest, written_already
from latchkey.history.chain_check import Checked, check

PK = "GRANT#acme.main"
Items = dict[str, dict[str, Any]]


def entry(second: int, kind: str = "EVENT", **more: Any) -> dict[str, Any]:
    at = f"2026-01-15T12:00:{second:02}.000000Z"
    return {"pk": PK, "sk": f"{kind}#{at}#run-{second}", "event": "AccessUpdated", **more}


def history(*records: list[dict[str, Any]], state: Any = None) -> Items:
    """The items of a partition, by sort key, after each record was written."""
    items: Items = {}
    head = Head()
    for record in records:
        written, head = chained(record, head)
        items |= {item["sk"]: item for item in written}
    if state:
        items["STATE"] = {"pk": PK, "sk": "STATE", **state}
        head = Head(head.last_sk, head.last_digest, head.number, digest(items["STATE"]))
    items["CHAIN"] = {"pk": PK, "sk": "CHAIN", **head.document()}
    return {sk: plain(serialized(item)) for sk, item in items.items()}


def five() -> Items:
    return history(
        [entry(1), entry(1, "ACCESS", event=None, allows=[])],
        [entry(2, late_seconds=7)],
        [entry(3)],
        [entry(4)],
        state={"status": "active"},
    )


def found(items: Items) -> Checked:
    return check(sorted(items.values(), key=digest))


def test_what_was_written_is_whole() -> None:
    checked = found(five())
    assert (checked.entries, checked.older, checked.broken) == (5, 0, ())
    assert checked.since == "2026-01-15T12:00:01.000000Z"


def test_first_entry_says_that_it_is_the_first() -> None:
    items = five()
    first = next(item for sk, item in items.items() if sk.startswith("EVENT#2026-01-15T12:00:01"))
    assert first[LINK] == {"number": 1, "since": "2026-01-15T12:00:01.000000Z"}


def _key(items: Items, second: int, kind: str = "EVENT") -> str:
    return next(sk for sk in items if sk.startswith(f"{kind}#2026-01-15T12:00:{second:02}"))


def _change(second: int, kind: str = "EVENT", **fields: Any) -> Callable[[Items], None]:
    return lambda items: items[_key(items, second, kind)].update(fields)


def _drop(*seconds: int, also: tuple[str, ...] = ()) -> Callable[[Items], None]:
    def drop(items: Items) -> None:
        for sk in [_key(items, second) for second in seconds] + [*also]:
            del items[sk]

    return drop


def _unlink(second: int) -> Callable[[Items], None]:
    return lambda items: items[_key(items, second)].pop(LINK)


def _add(item: dict[str, Any]) -> Callable[[Items], None]:
    return lambda items: items.update({item["sk"]: item})


def _forked(items: Items) -> None:
    """An entry with a link that is right, beside the one that was written there."""
    third = items[_key(items, 3)]
    _add(entry(33, event="AccessGranted", **{LINK: third[LINK]}))(items)


def _begun_anew(items: Items) -> None:
    """The head is deleted, and the next run begins another chain."""
    del items["CHAIN"]
    written, head = chained([entry(9)], Head())
    items[written[0]["sk"]] = plain(serialized(written[0]))
    items["CHAIN"] = {"pk": PK, "sk": "CHAIN", **head.document()}


TAMPERED: dict[str, tuple[Callable[[Items], None], str, str]] = {
    "a field": (_change(2, reason="nothing happened"), "EVENT#2026-01-15T12:00:02", "changed"),
    "a number": (_change(2, late_seconds=Decimal(0)), "EVENT#2026-01-15T12:00:02", "changed"),
    "a type": (_change(2, late_seconds="7"), "EVENT#2026-01-15T12:00:02", "changed"),
    "a null": (_change(2, drift=None), "EVENT#2026-01-15T12:00:02", "changed"),
    "an end by itself": (_change(3, delete_after=1), "EVENT#2026-01-15T12:00:03", "changed"),
    "the last": (_change(4, reason="x"), "EVENT#2026-01-15T12:00:04", "changed"),
    "the first": (_change(1, reason="x"), "EVENT#2026-01-15T12:00:01", "changed"),
    "what was allowed": (_change(1, "ACCESS", allows=["x"]), "ACCESS#2026-01-15", "changed"),
    "one deleted": (_drop(2), "EVENT#2026-01-15T12:00:02", "missing"),
    "the first deleted": (_drop(1), "EVENT#2026-01-15T12:00:01", "missing"),
    "the tail cut": (_drop(3, 4), "EVENT#2026-01-15T12:00:04", "missing"),
    "two apart": (_drop(2, 4), "EVENT#2026-01-15T12:00:02", "missing"),
    "all events": (_drop(1, 2, 3, 4), "EVENT#2026-01-15T12:00:01", "missing"),
    "the head": (_drop(also=("CHAIN",)), "CHAIN", "missing"),
    "the tail and the head": (_drop(3, 4, also=("CHAIN",)), "CHAIN", "missing"),
    "a link": (_unlink(2), "EVENT#2026-01-15T12:00:02", "changed"),
    "one without a link": (_add(entry(5)), "EVENT#2026-01-15T12:00:05", "added"),
    "a link of nothing": (_add(entry(5, chain="x")), "EVENT#2026-01-15T12:00:05", "added"),
    "a fork": (_forked, "EVENT#2026-01-15T12:00:33", "added"),
    "a chain begun anew": (_begun_anew, "EVENT#2026-01-15T12:00:09", "restarted"),
    "the state": (lambda i: i["STATE"].update(status="revoked"), "STATE", "changed"),
    "the state deleted": (_drop(also=("STATE",)), "STATE", "missing"),
}


@pytest.mark.parametrize(("tamper", "where", "fault"), TAMPERED.values(), ids=TAMPERED)
def test_first_broken_link_is_named(
    tamper: Callable[[Items], None], where: str, fault: str
) -> None:
    items = five()
    tamper(items)
    first = found(items).first
    assert first is not None, "nothing is broken"
    assert (first.fault, first.sk[: len(where)]) == (fault, where)


def test_changed_entry_is_told_with_both_digests_and_who_expects_it() -> None:
    items = five()
    sk, after = _key(items, 2), _key(items, 3)
    before = digest(items[sk])
    items[sk]["reason"] = "x"
    first = found(items).first
    assert first is not None
    assert (first.expected, first.found, first.said_by) == (before, digest(items[sk]), after)


def test_any_one_change_anywhere_is_found() -> None:
    """Every attribute of every item of a partition, but for two of the head's.

    `number` numbers what comes next, and proves nothing; a state from before the chain has no
    digest.
    """
    for sk, item in five().items():
        for name in {*item} - {"pk", "sk"}:
            if (sk, name) == ("CHAIN", "number"):
                continue
            items = five()
            items[sk][name] = "somebody else's"
            assert found(items).broken, f"{name} of {sk}"
            if (sk, name) != ("CHAIN", "state_digest"):
                del items[sk][name]
                assert found(items).broken, f"{name} of {sk} is gone"


def test_what_is_older_than_the_chain_is_no_fault() -> None:
    items = {item["sk"]: item for item in (entry(1), entry(2))}
    state = {"STATE": {"pk": PK, "sk": "STATE", "status": "active"}}
    assert found(items | state).broken == ()
    later = {item["sk"]: item for item in history([entry(4)], [entry(5)]).values()}
    checked = found(items | state | later)
    assert (checked.entries, checked.older, checked.broken) == (2, 2, ())


def test_what_a_run_left_behind_is_older_than_what_it_follows_and_no_fault() -> None:
    """Its events have its own time, and are written by the next run, after newer ones."""
    items = history([entry(5)], [entry(2), entry(3, "ACCESS"), entry(7)], [entry(8)])
    assert found(items).broken == ()


def test_state_without_any_history_is_named() -> None:
    first = check([{"pk": PK, "sk": "STATE", "status": "active"}]).first
    assert first is not None
    assert (first.sk, first.fault) == ("STATE", "added")


def test_digest_reads_alike_before_and_after_the_table() -> None:
    item = entry(1, n=3, deep=[{"a": {"b"}, "c": True, "d": (1, 2), "e": None}], text="é\u2028")
    assert digest(plain(serialized(item))) == digest({**item, "n": Decimal("3.0")})
    assert digest(item) != digest({**item, "n": "3"})
    assert digest({"a": "b"}) != digest({"a": "b", "c": None})


def test_retry_finds_its_own_last_entry_at_the_head() -> None:
    entries = [entry(1), entry(2)]
    _, head = chained(entries, Head())
    assert written_already(entries, head)
    assert not written_already([entry(3)], head)
    assert not written_already([], Head())
