"""Reminders: who is named on which day, and how the digests read."""

from datetime import UTC, datetime, timedelta

import pytest

from latchkey.grant_id import GrantId
from latchkey.reports.reminder import DAYS, Expiring, digests, expiry_event, named_today, window
from latchkey.times import instant

ORDERS = ("resume", "confirm")
EXPIRY = datetime(2026, 3, 31, 18, 0, tzinfo=UTC)


def _grant(name: str = "main", at: datetime = EXPIRY, status: str = "active") -> Expiring:
    return Expiring(GrantId("acme", name), instant(at), status)


@pytest.mark.parametrize("hour", [0, 7, 18, 23])
def test_grant_is_named_once_for_each_of_the_days_at_whatever_hour(hour: int) -> None:
    start = EXPIRY.replace(hour=hour, minute=59) - timedelta(days=40)
    runs = [start + timedelta(days=day) for day in range(42)]
    days = [(EXPIRY.date() - now.date()).days for now in runs if named_today([_grant()], now)]
    assert days == list(DAYS)


def test_what_is_named_lies_in_the_window_that_is_asked_for() -> None:
    for days in DAYS:
        for hours in (0, 23):
            now = (EXPIRY - timedelta(days=days)).replace(hour=hours)
            start, end = window(now)
            assert start <= instant(EXPIRY) <= end


def test_next_to_expire_comes_first() -> None:
    now = EXPIRY - timedelta(days=7)
    grants = [_grant("later", EXPIRY + timedelta(days=7)), _grant("b"), _grant("a")]
    assert [grant.id.grant for grant in named_today(grants, now)] == ["a", "b", "later"]


def test_each_owner_gets_one_message_with_all_grants_by_their_days() -> None:
    now = EXPIRY - timedelta(days=1)
    events = [
        expiry_event(_grant("soon"), "blue", now),
        expiry_event(_grant("later", EXPIRY + timedelta(days=6), "suspended"), "blue", now),
        expiry_event(_grant("other"), "red", now),
    ]
    blue, red = digests(events)
    assert blue.attributes == {"outcome": "expiring", "owner": "blue"}
    assert blue.subject == "Latchkey: 2 grants expire soon, the first tomorrow"
    assert "tomorrow:\n- acme.soon at 2026-03-31T18:00:00Z\n" in blue.text
    assert "in 7 days:\n- acme.later at 2026-04-06T18:00:00Z (suspended)\n" in blue.text
    assert red.subject == "Latchkey: 1 grant expires soon, the first tomorrow"
    assert "acme.soon" not in red.text


def test_grant_without_a_fixed_end_says_how_it_goes_on() -> None:
    now = EXPIRY - timedelta(days=7)
    open_ended = expiry_event(_grant(), "blue", now, confirm=90)
    assert open_ended.document()["confirm_every_days"] == 90
    (alone,) = digests([open_ended])
    assert "latchkey confirm acme.main --reason …\n" in alone.text
    assert "later expires_at" not in alone.text
    (both,) = digests([open_ended, expiry_event(_grant("fixed"), "blue", now)])
    assert "later expires_at" in both.text
    assert "latchkey confirm acme.fixed" not in both.text


def test_each_grant_has_its_command_and_a_link_to_its_file() -> None:
    now = EXPIRY - timedelta(days=1)
    events = [expiry_event(_grant(name), "blue", now) for name in ("soon", "inline")]
    link = "https://example.com/config-bucket/partners/acme.json"
    (notice,) = digests(events, {GrantId("acme", "soon"): link})
    assert f"- acme.soon at 2026-03-31T18:00:00Z\nits file: {link}\n- acme.inline" in notice.text
    assert notice.text.count("its file: ") == 1
    for name in ("soon", "inline"):
        assert f"\nlatchkey renew acme.{name} --for 90d\n" in notice.text


def test_what_is_suspended_is_to_be_resumed_before_anybody_confirms_it() -> None:
    now = EXPIRY - timedelta(days=7)
    (notice,) = digests([expiry_event(_grant(status="suspended"), "blue", now, confirm=90)])
    resume, confirm = (notice.text.index(f"latchkey {name} acme.main") for name in ORDERS)
    assert resume < confirm
    (notice,) = digests([expiry_event(_grant(), "blue", now, confirm=90)])
    assert "latchkey resume" not in notice.text


def test_grants_whose_owner_is_not_known_have_a_message_too() -> None:
    now = EXPIRY - timedelta(days=1)
    (notice,) = digests([expiry_event(_grant(), None, now)])
    assert notice.attributes == {"outcome": "expiring"}


def test_nothing_is_said_where_there_is_nothing_to_say() -> None:
    assert list(digests([])) == []
