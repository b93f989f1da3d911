"""The questions about the past on the command line: who had access to what, and when."""

import sys
from datetime import datetime
from types import ModuleType
from typing import Any

import pytest

from tests.cli.desk import Desk


class _Reader:
    """Stands in for the use case of the questions about the past, by its signature."""

    def __init__(self, table: Any) -> None:
        assert table.name == "grant-table"

    def who_had_access(self, resource: str, at: datetime) -> list[dict[str, Any]]:
        if resource == "nothing":
            return []
        doubtful = {"since": "2026-01-01", "since_known": False, "certain": False, "until": None}
        named = {"partner": "acme", "grant": "main", "arn": "arn:x", "may": ["read", "put"]}
        return [{**doubtful, "at": at.isoformat(), **named}]

    def everything_of(self, partner: str) -> list[dict[str, Any]]:
        return [{"grant": f"{partner}.main", "access": {"service": "s3"}}]

    def grants_of(self, partner: str) -> list[str]:
        return [f"{partner}.main", f"{partner}.old"]


@pytest.fixture
def past(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk whose Latchkey keeps an index of the past."""
    module = ModuleType("latchkey.aws.access_queries")
    vars(module)["HistoryReader"] = _Reader
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return desk


def test_who_had_access_is_asked_at_a_moment(past: Desk) -> None:
    words = ["who-had-access", "data-bucket", "--at"]
    text = past.ok(*words, "2026-03-31")
    header, row = text.splitlines()
    assert header.split() == ["GRANT", "MAY", "SINCE", "AT"]
    shown = "acme.main read, put (perhaps) before 2026-01-01 2026-03-31T23:59:59+00:00"
    assert row.split() == shown.split()
    found = past.json(*words, "2026-03-31T14:00:00+02:00")
    assert found[0]["at"] == "2026-03-31T12:00:00+00:00"
    assert "nobody had access" in past("who-had-access", "nothing", "--at", "2026-03-31").stderr


@pytest.mark.parametrize("moment", ["yesterday", "2026-13-01", "2026-03-31T14:00:00"])
def test_a_moment_is_a_date_or_a_time_with_an_offset(past: Desk, moment: str) -> None:
    assert past("who-had-access", "data-bucket", "--at", moment).exit_code == 2


def test_everything_is_asked_of_a_partner(past: Desk) -> None:
    assert "service: s3" in past.ok("partner-access", "acme")
    assert past("partner-access", "acme.main").exit_code == 2


def test_ended_grants_are_listed_with_all_of_a_partner(past: Desk) -> None:
    past.ok("apply", past.file(), "--yes")
    past.ok("revoke", "acme", "--reason", "over")
    assert past.json("grants", "--partner", "acme") == []
    (found,) = past.json("grants", "--partner", "acme", "--all")
    assert found["status"] == "revoked"
    assert past("grants", "--all").exit_code == 2
