"""What the register says of a grant, from its state and its newest events."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from latchkey.reports.redaction import HIDDEN, Redactor
from latchkey.reports.register.access import access_rows
from latchkey.reports.register.document import KEPT, MOST_ENDED, document_of, entries_in
from latchkey.reports.register.entry import RegisterEntry, entry_of
from latchkey.reports.register.history import history_line, redacted_line
from latchkey.reports.register.page import data_block
from latchkey.reports.register.plain_text import shown
from latchkey.services.registry import spec
from tests.kit.documented.access import OF_RESOURCES
from tests.kit.examples import NOW, config_document, s3_entry, secret_entry
from tests.kit.registers import event, state

PLAIN = Redactor([])


def entry(events: list[dict[str, Any]] | None = None, **changes: Any) -> RegisterEntry:
    return entry_of(state(0, NOW, **changes), [history_line(e, PLAIN) for e in events or []], PLAIN)


def test_entry_names_grant_role_file_owner_and_dates() -> None:
    found = entry()
    assert found["id"] == "partner-000.grant-0"
    assert (found["status"], found["live"], found["ended_at"]) == ("active", True, None)
    assert found["role"].endswith(":role/partners/partner-partner-000.grant-0")
    assert (found["purpose"], found["owner"]) == ("Nightly export", "data-platform")
    assert found["principals"] == ["444455556666"]
    assert found["expires_at"] == "2026-01-16T12:00:00Z"
    assert found["guarded"] is True


def test_external_id_is_shown_only_as_present_or_absent() -> None:
    text = json.dumps(entry(external_id="acme-7f3b2c91", external_ids=["acme-7f3b2c91"]))
    assert "acme-7f3b2c91" not in text
    without = json.dumps(config_document("external_id"))
    assert entry(config=without)["guarded"] is False


def test_conditions_are_in_words() -> None:
    limits = config_document(
        source_ips=["203.0.113.0/24"], organization_id="o-abcdefghij", require_mfa=True
    )
    assert entry(config=json.dumps(limits))["conditions"] == [
        "from 203.0.113.0/24",
        "organization o-abcdefghij",
        "with MFA",
        "sessions of at most 60 minutes",
    ]


@pytest.mark.parametrize("status", ["revoked", "expired"])
def test_grant_that_is_over_says_when_it_ended(status: str) -> None:
    name = {"revoked": "AccessRevoked", "expired": "AccessExpired"}[status]
    later = event(NOW, "ConfigRejected")
    told = [later, event(NOW - timedelta(days=2), name)]
    assert entry(told, status=status)["ended_at"] == "2026-01-13T12:00:00Z"
    ended = "2025-12-16T12:00:00Z"
    assert entry(status=status, expires_at=ended)["ended_at"] == ended


def test_newest_grant_counts_and_is_remembered_when_events_no_longer_show() -> None:
    told = [event(NOW, "AccessUpdated"), event(NOW - timedelta(days=9)), event(NOW - KEPT)]
    granted = entry(told)
    assert granted["granted_at"] == "2026-01-06T12:00:00Z"
    later = entry_of(state(0, NOW), [history_line(told[0], PLAIN)], PLAIN, granted)
    assert later["granted_at"] == granted["granted_at"]


@pytest.mark.parametrize("text", [None, "", "no JSON", "[]", '{"access": 7, "principals": "x"}'])
def test_state_without_a_readable_config_still_has_an_entry(text: str | None) -> None:
    found = entry(config=text)
    assert (found["access"], found["principals"], found["purpose"]) == ([], [], "")


def test_access_is_a_row_for_each_resource() -> None:
    custom = {
        "service": "custom",
        "statements": [
            {"Action": "s3:GetObject", "Resource": ["arn:aws:s3:::a/x", "arn:aws:s3:::a/y"]}
        ],
    }
    entries = [s3_entry(prefix="in/out/"), s3_entry(), secret_entry(), custom]
    rows = access_rows({"access": entries})
    assert [(r["service"], r["name"], r["part"], r["may"]) for r in rows] == [
        ("s3", "data-bucket", "in/out/", "read-write"),
        ("s3", "data-bucket", "", "read-write"),
        ("secretsmanager", "acme/api", "", "read"),
        ("custom", "arn:aws:s3:::a/x", "", "s3:GetObject"),
        ("custom", "arn:aws:s3:::a/y", "", "s3:GetObject"),
    ]


def test_every_service_of_the_catalogue_has_its_resource_named() -> None:
    examples = [{"service": name, **spec(name).example} for name in OF_RESOURCES]
    rows = access_rows({"access": examples})
    assert [(r["service"], r["name"]) for r in rows] == [
        (entry["service"], entry[spec(entry["service"]).field]) for entry in examples
    ]


def test_event_says_what_changed_in_words_where_there_are_any() -> None:
    changes = [{"action": "CreateRole"}, {"action": "SomethingNew"}]
    plain = history_line(event(NOW, changes=changes, late_seconds=Decimal(3)), PLAIN)
    assert plain["details"] == ["role created", "SomethingNew"]
    summary = [{"effect": "widens", "text": "adds DELETE on bucket x"}]
    told = history_line(event(NOW, changes=changes, summary=summary, ended_by="sweep"), PLAIN)
    assert (told["details"], told["by"]) == (["adds DELETE on bucket x"], "sweep")
    assert told["at"] == "2026-01-15T12:00:00Z"


def test_event_says_drift_and_problems_and_is_not_endless() -> None:
    problems = [{"path": f"/access/{n}", "message": "unknown"} for n in range(30)]
    told = history_line(
        event(NOW, drift=["the tag team had been removed"], problems=problems), PLAIN
    )
    assert told["details"][:2] == ["the tag team had been removed", "/access/0: unknown"]
    assert told["details"][-1] == "and 19 more"


def test_fact_of_an_earlier_register_loses_what_is_known_to_be_an_external_id_by_now() -> None:
    known = history_line(event(NOW, reason="with acme-4711-2026", drift=["acme-4711-2026"]), PLAIN)
    again = redacted_line(known, Redactor(["acme-4711-2026"]))
    assert (again["reason"], again["details"]) == (f"with {HIDDEN}", [HIDDEN])


def test_register_has_live_grants_by_their_end_and_then_the_ended_newest_first() -> None:
    old = state(9, NOW, status="revoked")["updated_at"]
    states = [
        state(3, NOW),
        state(1, NOW, status="expired", updated_at="2026-01-01T00:00:00Z"),
        state(2, NOW),
        state(0, NOW, status="revoked", updated_at=old),
    ]
    found = document_of("latchkey", [entry_of(s, [], PLAIN) for s in states], NOW)
    assert [(e["id"][-1], e["live"]) for e in found["grants"]] == [
        ("2", True),
        ("3", True),
        ("1", False),
        ("0", False),
    ]
    assert (found["stack"], found["built_at"]) == ("latchkey", "2026-01-15T12:00:00Z")


def test_ended_grants_leave_after_their_time_and_above_their_number() -> None:
    gone = entry(status="revoked", updated_at="2024-01-01T00:00:00Z")
    kept = entry(status="revoked", updated_at="2025-01-01T00:00:00Z")
    live = entry(updated_at="2020-01-01T00:00:00Z")
    found = document_of("latchkey", [gone, live, *[kept] * (MOST_ENDED + 5)], NOW)
    assert len(found["grants"]) == MOST_ENDED + 1
    assert gone not in found["grants"]


@pytest.mark.parametrize("text", [None, b"", b"{", b"[]", b'{"version": 1}', b'{"version": 99}'])
def test_register_that_cannot_be_read_counts_as_none(text: bytes | None) -> None:
    assert entries_in(text) == {}


def test_register_is_read_back_as_it_was_written() -> None:
    found = document_of("latchkey", [entry()], NOW)
    assert list(entries_in(data_block(found))) == ["partner-000.grant-0"]


def test_what_is_not_seen_is_shown_by_its_code() -> None:
    assert shown("a\nb\tc") == "a b c"
    assert shown("a\u202eb") == "a‹U+202E›b"
    assert shown("a\u2028b\x00") == "a‹U+2028›b‹U+0000›"
    assert shown("\ud800") == "‹U+D800›"
    assert shown("x" * 500) == "x" * 399 + "…"


def test_what_waits_for_approval_is_told_with_groups_and_time() -> None:
    since = "2025-12-01T12:00:00Z"
    waits = {"digest": "d", "version": "v", "since": since, "groups": ["security"]}
    assert entry()["waits"] is None
    assert entry(pending=waits)["waits"] == {
        "since": since,
        "groups": ["security"],
        "rejected_by": "",
    }
    assert entry(pending={**waits, "rejected_by": "AIDAX of security"})["waits"]["rejected_by"]
