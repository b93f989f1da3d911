"""Every medium that shows a grant says the same of it: what is past is past, what is to come is."""

import json
from copy import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from latchkey.grants.phase import allows_words, phase_dates, standing
from latchkey.grants.record import GrantRecord
from latchkey.reports.handoff.contents import handoff
from latchkey.reports.handoff.markdown import markdown
from latchkey.reports.redaction import Redactor
from latchkey.reports.register.entry import entry_of
from latchkey.reports.result_markdown import markdown as result_page
from latchkey_cli.commands import show
from latchkey_cli.commands.grants import _row
from tests.kit.examples import config_document

NOW = "2026-03-01T12:00:00Z"
PAST, LATER, END = "2026-02-01T00:00:00Z", "2026-04-01T00:00:00Z", "2030-01-01T00:00:00Z"
ROLE = "arn:aws:iam::123456789012:role/partners/partner-acme.main"

CASES = {
    # status, starts_at, expires_at, role: phase, title, dates
    ("active", None, END): ("active", "active", {"ends": END}),
    ("active", PAST, END): ("active", "active", {"began": PAST, "ends": END}),
    ("active", NOW, END): ("active", "active", {"began": NOW, "ends": END}),
    ("active", LATER, END): ("not begun", "not begun", {"begins": LATER, "ends": END}),
    ("active", None, NOW): ("ended", "ended by its dates", {"ended": NOW}),
    ("active", None, PAST): ("ended", "ended by its dates", {"ended": PAST}),
    ("suspended", None, END): ("suspended", "suspended", {"ends": END}),
    ("suspended", LATER, END): ("suspended", "suspended", {"begins": LATER, "ends": END}),
    ("suspended", None, PAST): ("ended", "ended by its dates", {"ended": PAST}),
    ("failed", None, END): ("failed", "failed", {"ends": END}),
    ("revoked", None, END): ("ended", "revoked", {"ended": NOW, "was to end": END}),
    ("revoked", LATER, END): (
        "ended",
        "revoked",
        {"was to begin": LATER, "ended": NOW, "was to end": END},
    ),
    ("revoked", PAST, END): (
        "ended",
        "revoked",
        {"began": PAST, "ended": NOW, "was to end": END},
    ),
    ("revoked", None, PAST): ("ended", "revoked", {"ended": PAST}),
    ("expired", None, PAST): ("ended", "expired", {"ended": PAST}),
    ("rejected", LATER, END): ("none", "rejected", {}),
}


def _record(status: Any, starts_at: str | None, expires_at: str) -> GrantRecord:
    return GrantRecord(
        "acme",
        "main",
        status,
        role_arn=ROLE,
        starts_at=starts_at,
        expires_at=expires_at,
        external_id="acme-7f3b2c91",
        updated_at=NOW,
        config=None if status == "rejected" else _config(starts_at, expires_at),
        owner="data-platform",
    )


def _config(starts_at: str | None, expires_at: str) -> str:
    document = config_document(expires_at=expires_at, starts_at=starts_at)
    return json.dumps(document)


@pytest.mark.parametrize("case", CASES, ids=str)
class TestStanding:
    """(status, dates), in each medium."""

    def test_phase_title_and_dates(self, case: Any) -> None:
        phase, title, dates = CASES[case]
        stands = standing(_record(*case), NOW)
        assert (stands.phase, stands.title, dict(stands.dates())) == (phase, title, dates)

    def test_list_of_grants(self, case: Any) -> None:
        _, title, dates = CASES[case]
        row = _row(_record(*case), "", datetime.fromisoformat(NOW))
        assert row[2] == title
        assert row[3] == (dates.get("ended") or dates.get("ends") or "")
        assert ("in " in row[4]) == ("ends" in dates)

    def test_show(self, case: Any, capsys: pytest.CaptureFixture[str]) -> None:
        phase, title, dates = CASES[case]
        record = _record(*case)
        stands = standing(record, NOW)
        show._show_state(record, stands, None, "", None)
        show._show_trust(record, stands)
        show._show_access(record, stands)
        text = capsys.readouterr().out
        assert f"acme.main: {title}\n" in text
        for what, at in dates.items():
            assert f"  {what:<13}{at} (" in text
        assert ("Who may assume the role" in text) == (phase not in ("ended", "none"))
        assert ("It allows nothing" in text) == (phase not in ("active", "failed"))
        assert ("SERVICE" in text) == (phase not in ("ended", "none"))

    def test_register(self, case: Any) -> None:
        found = entry_of(_record(*case).document(), [], Redactor([]))
        phase, _, dates = CASES[case]
        overdue = phase == "ended" and case[0] in ("active", "suspended")
        assert found["ended_at"] == (None if overdue else dates.get("ended"))

    def test_sheet(self, case: Any) -> None:
        phase, _, dates = CASES[case]
        sheet = handoff(_record(*case), "us-east-1")
        if phase in ("none", "failed"):
            assert sheet is None
            return
        assert sheet
        text = markdown(sheet)
        assert ("This access ended at" in text) == (phase == "ended")
        assert ("Not before" in text) == (case[1] == LATER and phase != "ended")
        assert ("May assume it" in text) == (phase != "ended")
        assert (f"| Works until | {END} |" in text) == ("ends" in dates)
        assert (f"| Was to work until | {END} |" in text) == ("was to end" in dates)
        assert ("| Was to work from |" in text) == ("was to begin" in dates)

    def test_result(self, case: Any) -> None:
        phase, _, dates = CASES[case]
        status, starts_at, expires_at = case
        outcome = {"active": "created"}.get(status, status)
        result = {
            "outcome": outcome,
            "phase": None if status == "rejected" else phase,
            "starts_at": None if status == "rejected" else starts_at,
            "expires_at": None if status == "rejected" else expires_at,
            "recorded_at": "2026-03-01T12:00:00.123456Z",
        }
        assert dict(phase_dates(result)) == dates
        page = result_page(result)
        for what, at in dates.items():
            assert f"| {what} | `{at}` |" in page
        assert ("| ends |" in page) == ("ends" in dates)
        assert ("Access begins at" in page) == (phase == "not begun")


def test_result_of_a_release_before_says_what_is_past_by_its_outcome() -> None:
    result = {"outcome": "revoked", "expires_at": END, "recorded_at": "2026-03-01T12:00:00.1Z"}
    assert dict(phase_dates(result)) == {"ended": NOW, "was to end": END}


def test_what_had_a_role_once_was_granted_once() -> None:
    record = _record("rejected", None, END)
    never = replace(record, role_arn=None)
    assert "what was granted once has ended" in allows_words(record, standing(record, NOW))
    assert "it was never granted" in allows_words(never, standing(never, NOW))


def test_sub_seconds_do_not_matter() -> None:
    assert standing(_record("active", NOW, END), NOW).phase == "active"
    assert datetime.fromisoformat(NOW).tzinfo == UTC
