"""Roles with several external IDs: each exact value is kept, and what is lost is said."""

from typing import Any

import pytest

from latchkey_cli.importing.note import Note
from tests.cli.hand_made import GRANTED, SAID, hand_made, imported, trust_of

PARTNER = {"AWS": "444455556666"}
OTHER = {"AWS": "111122223333"}


def _asking(external_id: Any, principal: Any = PARTNER, **more: Any) -> dict[str, Any]:
    return trust_of(principal, StringEquals={"sts:ExternalId": external_id}, **more)


def _imported(*statements: dict[str, Any]) -> tuple[Any, list[Note]]:
    _, described = imported(hand_made(GRANTED, trust={"Statement": [*statements]}), SAID)
    about = [note for note in described.notes if "external ID" in note.text]
    return described.config.get("external_id"), [*about, *_lost(described.notes)]


def _lost(notes: Any) -> list[Note]:
    return [
        note for note in notes if note.kind in ("lost", "wider") and "external" not in note.text
    ]


@pytest.mark.parametrize("number", [1, 2, 5])
def test_every_external_id_is_kept(number: int) -> None:
    values = [f"partner-{n:04}" for n in range(number)]
    kept, notes = _imported(_asking(values))
    assert (kept, notes) == (values if number > 1 else values[0], [])


def test_more_than_five_are_lost_and_said_to_be() -> None:
    kept, notes = _imported(_asking([f"partner-{n:04}" for n in range(7)]))
    assert kept == [f"partner-{n:04}" for n in range(5)]
    assert [(note.kind, note.text) for note in notes] == [
        ("lost", "2 of the external IDs: a grant has 5 at most")
    ]


@pytest.mark.parametrize("value", ["part*", "partner-?", "${aws:username}", "x", "with space"])
def test_pattern_is_no_external_id_and_not_quoted(value: str) -> None:
    kept, notes = _imported(_asking(["partner-0001", value]))
    assert kept == "partner-0001"
    ((kind, text),) = [(note.kind, note.text) for note in notes]
    assert (kind, text[:24]) == ("lost", "1 of the external IDs: a")
    assert value not in text or value == "x"


def test_short_one_is_kept_and_left_to_a_person() -> None:
    kept, (note,) = _imported(_asking(["ab", "partner-0001"]))
    assert kept == ["ab", "partner-0001"]
    assert (note.kind, "min_external_id_length" in note.text) == ("decide", True)


def test_statements_that_differ_in_external_ids_alone_become_one_list() -> None:
    kept, notes = _imported(
        _asking("partner-0001"), _asking(["partner-0002", "partner-0001"]), _asking("partner-0003")
    )
    assert (kept, notes) == (["partner-0001", "partner-0002", "partner-0003"], [])


@pytest.mark.parametrize(
    "other",
    [
        _asking("partner-0002", OTHER),
        _asking("partner-0002", Bool={"aws:MultiFactorAuthPresent": "true"}),
        trust_of(PARTNER),
        trust_of(PARTNER, StringLike={"sts:ExternalId": "partner-0002"}),
    ],
)
def test_statements_that_differ_in_more_are_not_joined(other: dict[str, Any]) -> None:
    kept, notes = _imported(_asking("partner-0001"), other)
    assert kept == "partner-0001"
    assert any("second grant" in note.text for note in notes)
