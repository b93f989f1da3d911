"""The rule that decides who could do what, held to its own sentence at every moment."""

from collections.abc import Sequence
from copy import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latchkey.grant_id import GrantId
from latchkey.history.periods import Access, Period, periods
from latchkey.history.snapshot import AccessSnapshot, Allowed
from latchkey.times import instant, stamp

START = datetime(2026, 1, 1, tzinfo=UTC)
GRANT = GrantId("acme", "main")
READ = Allowed("arn:aws:s3:::data/in/*", ("s3:GetObject",))
WRITE = Allowed("arn:aws:s3:::data/out/*", ("s3:PutObject",))
A, B = ("arn:a",), ("arn:b",)


def _at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def snapshot(hours: float, *allows: Allowed, **changes: object) -> AccessSnapshot:
    """A snapshot that is certain, of one principal, for a hundred hours."""
    made = AccessSnapshot(
        GRANT,
        stamp(_at(hours)),
        "run",
        "AccessUpdated",
        "asked for",
        principals=A,
        allows=allows,
        expires_at=instant(_at(100)),
        purpose="exchange",
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def _spans(
    *snapshots: AccessSnapshot,
) -> list[tuple[Allowed, bool, datetime, datetime, str | None]]:
    return [
        (one.access.allowed, one.access.certain, one.since, one.until, one.ended)
        for one in periods(snapshots)
    ]


def test_no_snapshot_is_no_access() -> None:
    assert periods([]) == []


def test_snapshot_holds_until_the_next_one_says_otherwise() -> None:
    assert _spans(snapshot(1, READ), snapshot(5)) == [
        (READ, True, _at(1), _at(5), "AccessUpdated: asked for")
    ]


def test_same_access_in_the_next_snapshot_goes_on() -> None:
    assert _spans(snapshot(1, READ), snapshot(5, READ, WRITE)) == [
        (READ, True, _at(1), _at(100), None),
        (WRITE, True, _at(5), _at(100), None),
    ]


def test_policies_end_it_also_when_nothing_is_recorded_for_long() -> None:
    assert _spans(snapshot(1, READ), snapshot(150)) == [(READ, True, _at(1), _at(100), "expired")]


def test_renewal_after_the_expiry_begins_anew() -> None:
    renewed = snapshot(150, READ, expires_at=instant(_at(200)))
    assert _spans(snapshot(1, READ), renewed) == [
        (READ, True, _at(1), _at(100), "expired"),
        (READ, True, _at(150), _at(200), None),
    ]


def test_start_that_is_put_off_before_it_came_counts() -> None:
    soon = snapshot(1, READ, starts_at=instant(_at(10)))
    later = snapshot(5, READ, starts_at=instant(_at(20)))
    assert _spans(soon, later) == [(READ, True, _at(20), _at(100), None)]


def test_other_principals_are_another_access() -> None:
    found = periods([snapshot(1, READ), snapshot(5, READ, principals=B)])
    assert [one.access.principals for one in found] == [A, B]


def test_after_a_failed_run_both_may_be_true_until_it_is_known_again() -> None:
    failed = snapshot(5, WRITE, certain=False, fact="GrantFailed", reason="Throttled")
    assert _spans(snapshot(1, READ), failed, snapshot(9, WRITE)) == [
        (READ, True, _at(1), _at(5), "GrantFailed: Throttled"),
        (WRITE, False, _at(5), _at(9), "AccessUpdated: asked for"),
        (READ, False, _at(5), _at(9), "AccessUpdated: asked for"),
        (WRITE, True, _at(9), _at(100), None),
    ]


def test_failed_removal_leaves_it_open_whether_the_role_is_gone() -> None:
    failed = snapshot(5, certain=False, fact="GrantFailed", principals=(), purpose=None)
    before, after = periods([snapshot(1, READ), failed])
    assert (after.access, after.purpose) == (Access(A, READ, certain=False), "exchange")
    assert before.until == after.since == _at(5)


def test_dates_of_a_failed_renewal_are_those_of_both_and_of_nothing_in_between() -> None:
    failed = snapshot(
        5, READ, certain=False, starts_at=instant(_at(150)), expires_at=instant(_at(200))
    )
    assert [(one.since, one.until) for one in periods([snapshot(1, READ), failed])] == [
        (_at(1), _at(5)),
        (_at(5), _at(100)),
        (_at(150), _at(200)),
    ]


@pytest.mark.parametrize(
    ("fact", "starts", "known"),
    [
        ("AccessGranted", None, True),
        ("GrantFailed", None, True),
        ("AccessUpdated", None, False),
        ("Unchanged", None, False),
        ("Unchanged", 3, True),
    ],
)
def test_access_that_was_there_before_the_history_has_no_known_beginning(
    fact: str, starts: float | None, known: bool
) -> None:
    starts_at = instant(_at(starts)) if starts else None
    (found,) = periods([snapshot(1, READ, fact=fact, starts_at=starts_at), snapshot(5, READ)])
    assert found.since_known is known


def test_period_as_data_has_its_times_with_their_fractions_only_where_there_are_any() -> None:
    (found,) = periods([snapshot(0.0001, READ), snapshot(5)])
    told = found.document()
    assert (told["since"], told["until"]) == ("2026-01-01T00:00:00.360000Z", "2026-01-01T05:00:00Z")


_hours = st.integers(0, 60)
_snapshots = st.builds(
    lambda allows, principals, starts, lasts, certain: snapshot(
        0,
        *allows,
        principals=principals,
        starts_at=None if starts is None else instant(_at(starts)),
        expires_at=instant(_at((starts or 0) + lasts)),
        certain=certain,
        fact="AccessUpdated" if certain else "GrantFailed",
    ),
    st.lists(st.sampled_from([READ, WRITE]), unique=True),
    st.sampled_from([A, B, (*A, *B)]),
    st.none() | _hours,
    st.integers(1, 40),
    st.booleans(),
)
_timelines = st.lists(st.tuples(_hours, _snapshots), unique_by=lambda one: one[0], max_size=6).map(
    lambda found: [
        replace(made, at=stamp(_at(hours))) for hours, made in sorted(found, key=lambda x: x[0])
    ]
)


def _by_the_rule(snapshots: Sequence[AccessSnapshot], at: datetime) -> set[Access]:
    """The last snapshot decides; if it is not certain, also what held before it."""
    past = [one for one in snapshots if datetime.fromisoformat(one.at) <= at]
    deciding: list[AccessSnapshot] = []
    while past:
        deciding.append(past.pop())
        if deciding[-1].certain:
            break
    certain = len(deciding) == 1 and deciding[0].certain
    granting = [one for one in deciding if one.allows]
    principals = {p for one in granting for p in one.principals}
    return {
        Access(deciding[0].principals if certain else tuple(sorted(principals)), allowed, certain)
        for one in deciding
        for allowed in one.allows
        if (not one.starts_at or datetime.fromisoformat(one.starts_at) <= at)
        and at < datetime.fromisoformat(one.expires_at or "")
    }


def _told(found: Sequence[Period], at: datetime) -> list[Access]:
    return [one.access for one in found if one.overlaps(at, at)]


@given(_timelines)
def test_periods_say_at_each_moment_what_the_rule_says(snapshots: list[AccessSnapshot]) -> None:
    found = periods(snapshots)
    for half in range(-1, 210):
        told = _told(found, _at(half / 2))
        assert len(told) == len(set(told))
        assert {(a.allowed, a.certain) for a in told} == {
            (a.allowed, a.certain) for a in _by_the_rule(snapshots, _at(half / 2))
        }
        if all(access.certain for access in told):
            assert set(told) == _by_the_rule(snapshots, _at(half / 2))


@given(_timelines)
def test_periods_of_one_access_neither_touch_nor_overlap(snapshots: list[AccessSnapshot]) -> None:
    by_access: dict[Access, list[Period]] = {}
    for period in periods(snapshots):
        by_access.setdefault(period.access, []).append(period)
    for mine in by_access.values():
        ordered = sorted(mine, key=lambda one: one.since)
        assert all(one.since < one.until for one in ordered)
        assert all(a.until < b.since for a, b in pairwise(ordered))
