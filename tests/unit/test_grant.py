"""Times, names and records as they are written down."""

from copy import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from latchkey.config.problem import pointer
from latchkey.grant_id import GrantId
from latchkey.grants.record import GrantRecord, Status
from latchkey.times import instant, parse_instant, stamp

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
RECORD = GrantRecord("acme", "main", "active", role_arn="arn:role")


def test_times_are_written_in_utc_to_the_second() -> None:
    east = timezone(timedelta(hours=5, minutes=30))
    assert instant(datetime(2030, 1, 1, 5, 30, 59, 999999, east)) == "2030-01-01T00:00:59Z"
    assert instant(datetime(1, 1, 1, tzinfo=UTC)) == "0001-01-01T00:00:00Z"
    assert stamp(datetime(2030, 1, 1, 5, 30, 0, 7, east)) == "2030-01-01T00:00:00.000007Z"


@given(st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0)))
def test_written_times_can_be_read_back(moment: datetime) -> None:
    assert parse_instant(instant(moment)) == moment


_moments = st.integers(1, 2**45).map(lambda count: EPOCH + timedelta(microseconds=count))


@given(_moments, _moments)
def test_written_times_sort_as_times_do(one: datetime, other: datetime) -> None:
    assert (stamp(one) < stamp(other)) == (one < other)


LIVE: list[tuple[Status, str | None, bool]] = [
    ("active", "arn:role", True),
    ("suspended", "arn:role", True),
    ("failed", "arn:role", True),
    ("failed", None, False),
    ("rejected", None, False),
    ("rejected", "arn:role", False),
    ("revoked", "arn:role", False),
    ("expired", "arn:role", False),
]


@pytest.mark.parametrize(("status", "role_arn", "live"), LIVE)
def test_live_is_what_may_have_a_role(status: Status, role_arn: str | None, live: bool) -> None:
    assert replace(RECORD, status=status, role_arn=role_arn).live is live


def test_record_survives_its_way_through_the_table() -> None:
    item = {**RECORD.document(), "pk": "GRANT#acme.main", "sk": "STATE", "live": "LIVE"}
    assert GrantRecord.from_document(item) == RECORD
    assert RECORD.id == GrantId("acme", "main")
    assert str(RECORD.id) == "acme.main"


POINTERS: list[tuple[list[str | int], str]] = [
    ([], ""),
    (["access", 0, "bucket"], "/access/0/bucket"),
    (["a/b", "m~n", ""], "/a~1b/m~0n/"),
    (["k" * 200], "/" + "k" * 128 + "…"),
]


@pytest.mark.parametrize(("parts", "text"), POINTERS)
def test_json_pointers_are_escaped(parts: list[str | int], text: str) -> None:
    assert pointer(parts) == text
