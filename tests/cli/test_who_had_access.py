"""The questions about the past on the command line: who had access to what, and when."""

import sys
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest

from latchkey.grant_id import GrantId
from tests.cli.desk import Desk


class _Reader:
    """Stands in for the use case of the questions about the past, by its signature."""

    def __init__(self, table: Any) -> None:
        assert table.name == "grant-table"

    def who_had_access(
        self, resource: str, at: datetime, until: datetime | None = None
    ) -> list[dict[str, Any]]:
        if resource in ("nothing", "data-bukket"):
            return []
        doubtful = {"since": "2026-01-01", "since_known": False, "certain": False, "until": None}
        named = {"partner": "acme", "grant": "main", "arn": "arn:x", "may": ["read", "put"]}
        asked = {"at": at.isoformat(), "to": until.isoformat() if until else None}
        principals = ["arn:aws:iam::444455556666:root"]
        return [{**doubtful, **asked, **named, "principals": principals}]

    def knows(self, resource: str) -> bool:
        return resource != "data-bukket"

    def concerned(self, resource: str) -> set[GrantId]:
        assert resource
        return set()

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
    header, row = past.ok(*words, "2026-03-31T12:00:00Z").splitlines()
    assert header.split()[:3] == ["GRANT", "PRINCIPALS", "MAY"]
    assert "acme.main" in row
    assert "read, put (perhaps)" in row
    assert "before 2026-01-01" in row
    found = past.json(*words, "2026-03-31T14:00:00+02:00")
    assert (found[0]["at"], found[0]["to"]) == ("2026-03-31T12:00:00+00:00",) * 2


def test_a_date_is_all_of_that_day(past: Desk) -> None:
    (found,) = past.json("who-had-access", "data-bucket", "--at", "2026-03-31")
    day = ("2026-03-31T00:00:00+00:00", "2026-03-31T23:59:59.999999+00:00")
    assert (found["at"], found["to"]) == day
    none = past("who-had-access", "nothing", "--at", "2026-03-31")
    assert (none.exit_code, none.stderr) == (0, "nobody had access to nothing on 2026-03-31\n")


def test_without_a_time_it_is_asked_of_now_and_between_two_times_of_both(past: Desk) -> None:
    (now,) = past.json("who-had-access", "data-bucket")
    assert now["at"] == now["to"] > datetime.now(UTC).isoformat()[:10]
    words = ("--from", "2026-03-01", "--to", "2026-03-31T12:00:00Z")
    (found,) = past.json("who-had-access", "data-bucket", *words)
    assert found["at"] == "2026-03-01T00:00:00+00:00"
    assert found["to"] == "2026-03-31T12:00:00+00:00"


@pytest.mark.parametrize(
    "words",
    [
        ("--at", "2026-03-31", "--from", "2026-03-01"),
        ("--to", "2026-03-31"),
        ("--from", "2026-03-31", "--to", "2026-03-01"),
        ("--account", "4444-5555-6666"),
    ],
)
def test_times_and_accounts_have_to_make_sense(past: Desk, words: tuple[str, ...]) -> None:
    assert past("who-had-access", "data-bucket", *words).exit_code == 2


def test_name_that_no_grant_ever_had_says_so_with_near_ones(past: Desk) -> None:
    past.stack.granted()
    found = past("who-had-access", "data-bukket", "--at", "2026-03-31")
    assert found.exit_code == 1
    assert "no grant ever had access to anything named data-bukket" in found.stderr
    assert "did you mean data-bucket" in found.stderr


def test_who_had_access_is_asked_of_an_account(past: Desk) -> None:
    words = ("who-had-access", "data-bucket", "--account")
    assert past.json(*words, "444455556666") != []
    assert past.json(*words, "444455556667") == []
    assert past("who-had-access").exit_code == 2


def test_account_alone_tells_all_that_it_may_use(desk: Desk) -> None:
    desk.stack.granted()
    (first, *_) = desk.json("who-had-access", "--account", "444455556666", "--from", "2020-01-01")
    assert first["partner"] == "acme"
    assert desk.json("who-had-access", "--account", "111122223333", "--from", "2020-01-01") == []


def test_history_knows_what_was_ever_named(desk: Desk) -> None:
    desk.stack.granted()
    assert desk("who-had-access", "data-bucket", "--at", "2019-01-01").exit_code == 0
    assert desk("who-had-access", "data-bukket", "--at", "2019-01-01").exit_code == 1


@pytest.mark.parametrize("moment", ["yesterday", "2026-13-01", "2026-03-31T14:00:00"])
def test_a_moment_is_a_date_or_a_time_with_an_offset(past: Desk, moment: str) -> None:
    assert past("who-had-access", "data-bucket", "--at", moment).exit_code == 2


def test_everything_is_asked_of_a_partner(past: Desk) -> None:
    assert "service: s3" in past.ok("partner-access", "acme")
    assert past("partner-access", "acme.main").exit_code == 2


def test_partner_that_never_had_a_grant_says_so_with_near_ones(desk: Desk) -> None:
    desk.stack.granted()
    found = desk("partner-access", "acne")
    assert found.exit_code == 1
    assert "acne never had a grant; did you mean acme?" in found.stderr
    asked = desk("partner-access", "acne", "--json")
    assert (asked.exit_code, asked.stdout) == (1, "[]\n")


def test_ended_grants_are_listed_with_all_of_a_partner(past: Desk) -> None:
    past.ok("apply", past.file(), "--yes")
    past.ok("revoke", "acme", "--reason", "over")
    assert past.json("grants", "--partner", "acme") == []
    (found,) = past.json("grants", "--partner", "acme", "--all")
    assert found["status"] == "revoked"
    assert past("grants", "--all").exit_code == 2
