"""`latchkey import` of what sessions may bring with them by a trust policy."""

from typing import Any

import pytest

from tests.cli.hand_made import GRANTED, PARTNER, SAID, hand_made, imported, trust_of

SESSION_TRUSTS: list[tuple[str, dict[str, Any], Any, str]] = [
    ("any key", {}, True, "guardrails"),
    (
        "keys",
        {"Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["b", "a"]}}},
        ["a", "b"],
        "",
    ),
    ("all of STS", {"Action": "sts:*"}, True, "guardrails"),
    (
        "a value",
        {"Condition": {"StringEquals": {"aws:RequestTag/a": "x"}}},
        None,
        "aws:RequestTag/a",
    ),
    ("another's", {"Principal": {"AWS": "111122223333"}}, None, "some of its principals"),
    ("the account's", {"Principal": {"AWS": "444455556666"}}, True, "guardrails"),
    (
        "a network",
        {"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}},
        None,
        "SourceIp",
    ),
]


@pytest.mark.parametrize(
    ("changes", "tags", "said"),
    [row[1:] for row in SESSION_TRUSTS],
    ids=[r[0] for r in SESSION_TRUSTS],
)
def test_session_tags_are_kept_as_far_as_a_config_can_say_them(
    changes: dict[str, Any], tags: Any, said: str
) -> None:
    trust = trust_of(PARTNER, StringEquals={"sts:ExternalId": "acme-7f3b2c91"})
    tagged = {**trust_of(PARTNER), "Action": "sts:TagSession"} | changes
    role = hand_made(GRANTED, trust={"Statement": [trust, tagged]})
    _, described = imported(role, SAID)
    assert described.config.get("session_tags") == tags
    found = [note for note in described.notes if note.text.startswith("session_tags")]
    assert [note.kind for note in found] == ([] if not said else ["decide" if tags else "lost"])
    assert all(said in note.text for note in found)


def test_a_source_identity_is_kept() -> None:
    trust = {**trust_of(PARTNER), "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"]}
    _, described = imported(hand_made(GRANTED, trust={"Statement": trust}), SAID)
    assert described.config["source_identity"] is True
    assert "session_tags" not in described.config
