"""Times that are none, at the edges of calendars, over, or without an offset of their own."""

from collections.abc import Iterator

from tests.kit.hostile.case import Hostile, bad


def cases() -> Iterator[Hostile]:
    """All of them."""
    for text in (
        "2030-01-01",
        "2030-01-01T00:00:00",
        "2030-01-01 00:00:00Z",
        "2030-01-01T00:00Z",
        "2030-01-01T00:00:00+0000",
        "2030-01-01T00:00:00+00",
        "2030-01-01T00:00:00 Z",
        "2030-01-01T00:00:00Z ",
        "2030-01-01T00:00:00Z\n",
        "2030-01-01T00:00:00UTC",
        "2030-01-01T00:00:00[Europe/Berlin]",
        "2030-01-01T00:00:00.Z",
        "2030-01-01T00:00:00,5Z",
        "2030-01-01T00:00:00.0000000000Z",
        "2030-1-1T0:0:0Z",
        "+002030-01-01T00:00:00Z",
        "12030-01-01T00:00:00Z",
        "-2030-01-01T00:00:00Z",
        "2030-W01-1T00:00:00Z",
        "2030-001T00:00:00Z",
        "20300101T000000Z",
        "0000-01-01T00:00:00Z",
        "2030-00-01T00:00:00Z",
        "2030-13-01T00:00:00Z",
        "2030-01-00T00:00:00Z",
        "2030-01-32T00:00:00Z",
        "2030-02-29T00:00:00Z",
        "2100-02-29T00:00:00Z",
        "2030-04-31T00:00:00Z",
        "2030-01-01T24:00:00Z",
        "2030-01-01T23:60:00Z",
        "2016-12-31T23:59:60Z",
        "2030-06-30T23:59:60Z",
        "2030-01-01T00:00:00+24:00",
        "2030-01-01T00:00:00+99:99",
        "2030-01-01T00:00:00-00:60",
        "9999-12-31T23:59:59-00:01",
        "9999-12-31T23:59:59-23:59",
        "0001-01-01T00:00:00+00:01",
        "2030-01-01T00:00:00\u221205:00",
        "\u0662\u0660\u0663\u0660-01-01T00:00:00Z",
        "\uff12\uff10\uff13\uff10-01-01T00:00:00Z",
        "never",
        "tomorrow",
        "P1Y",
        "1893456000",
        "${aws:CurrentTime}",
        "*",
    ):
        yield bad(f"expires at {text!a}", "/expires_at", expires_at=text)
        yield bad(f"starts at {text!a}", "/starts_at", starts_at=text)
    for text in (
        "2026-01-15T12:00:00Z",
        "2026-01-15T12:00:00.999Z",
        "2026-01-15T17:29:59+05:30",
        "1970-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00-23:59",
        "2026-01-16T00:00:00+23:59",
    ):
        yield bad(f"expired at {text}", "/expires_at", expires_at=text)
    unfit: tuple[object, ...] = (
        0,
        -1,
        3_651,
        10**30,
        30.0,
        30.5,
        "30",
        "P30D",
        True,
        [30],
        {},
        "*",
    )
    for days in unfit:
        yield bad(f"confirmed every {days!a} days", "/confirm_every_days", confirm_every_days=days)
    yield bad("ends, and is to be confirmed", "/confirm_every_days", confirm_every_days=30)
    for text in (
        "2030-01-01T00:00:00Z",
        "2030-01-01T00:00:00.5Z",
        "2029-12-31T23:00:00-01:00",
        "2030-01-01T14:00:00+14:00",
        "9999-12-31T23:59:59Z",
    ):
        yield bad(f"starts with its end, {text}", "/starts_at", starts_at=text)
