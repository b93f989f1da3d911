"""What somebody may have meant who wrote a time, a period or a date in another form."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from latchkey.config.near_words import AROUND
from latchkey.times import instant

_SECONDS = {
    "s": 1,
    "second": 1,
    "m": 60,
    "min": 60,
    "minute": 60,
    "h": 3600,
    "hour": 3600,
    "d": 86_400,
    "day": 86_400,
    "w": 7 * 86_400,
    "week": 7 * 86_400,
    "month": 30 * 86_400,
    "y": 365 * 86_400,
    "year": 365 * 86_400,
}
_PERIOD = re.compile(r"(?:in )?\+?([0-9]{1,6}) ?([a-z]+?)s?", re.ASCII | re.IGNORECASE)
_ISO_PERIOD = re.compile(
    r"P(?:([0-9]{1,4})Y)?(?:([0-9]{1,4})M)?(?:([0-9]{1,4})W)?(?:([0-9]{1,5})D)?"
    r"(?:T(?:([0-9]{1,5})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,8})S)?)?",
    re.ASCII,
)
_ISO_UNITS = (365 * 86_400, 30 * 86_400, 7 * 86_400, 86_400, 3600, 60, 1)
_DATE = re.compile(
    r"(?P<y>[0-9]{4})[-/.]?(?P<m>[0-9]{1,2})[-/.]?(?P<d>[0-9]{1,2})"
    r"|(?P<d2>[0-9]{1,2})\.(?P<m2>[0-9]{1,2})\.(?P<y2>[0-9]{4})",
    re.ASCII,
)
_TIME = re.compile(
    r"(?P<date>[0-9./-]+)(?:[Tt ] ?(?P<h>[0-9]{1,2}):?(?P<min>[0-9]{2})(?::?(?P<s>[0-9]{2}))?"
    r"(?:[.,][0-9]+)?)? ?(?P<zone>[Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?(?:\[[\w/]+\])?",
    re.ASCII,
)
_LEAST = 3600
"""Seconds of access; what is shorter is a slip, as `3m` for three months."""

_MILLISECONDS = 10**11
"""From here on a number of seconds lies beyond the year 5000."""


def period(text: str) -> int | None:
    """The seconds in `90d`, `12 weeks` or `P90D`; None for what is no period."""
    if plain := _PERIOD.fullmatch(text.strip()):
        unit = _SECONDS.get(plain[2].lower())
        return int(plain[1]) * unit if unit else None
    if text.strip() != "P" and (iso := _ISO_PERIOD.fullmatch(text.strip())):
        return sum(int(n or 0) * unit for n, unit in zip(iso.groups(), _ISO_UNITS, strict=True))
    return None


def near_times(given: object, now: datetime | None, *, ends: bool) -> Iterator[str]:
    """The times that a value may mean; a date alone is its first second or, if it `ends`, its last.

    A period counts from `now`, if anybody knows it; a time without an offset is one in UTC.
    """
    try:
        yield from _near_times(given, now, ends)
    except (ValueError, OverflowError):  # no such time
        return


def _near_times(given: object, now: datetime | None, ends: bool) -> Iterator[str]:
    if isinstance(given, int | float) and not isinstance(given, bool) and given > 10**8:
        since = given / 1000 if given >= _MILLISECONDS else given
        yield instant(datetime.fromtimestamp(since, UTC))
    if not isinstance(given, str):
        return
    text = given.strip(AROUND)
    if re.fullmatch(r"[0-9]{9,13}", text, re.ASCII):
        yield from _near_times(int(text), now, ends)
    elif now and (seconds := period(text)) and seconds >= _LEAST:
        yield instant(now + timedelta(seconds=seconds))
    elif (found := _TIME.fullmatch(text)) and (date := _DATE.fullmatch(found["date"])):
        year, month, day = (int(date[n] or date[f"{n}2"]) for n in "ymd")
        day = min(day, monthrange(year, month)[1])  # 31 June is its last day
        last = (23, 59, 59) if ends else (0, 0, 0)
        clock = (int(found["h"]), int(found["min"]), int(found["s"] or 0)) if found["h"] else last
        if clock == (24, 0, 0) or clock[2] == 60:  # midnight as an end, a leap second
            clock = (23, 59, 59)
        moment = datetime(year, month, day, *clock, tzinfo=UTC)
        yield f"{moment:%Y-%m-%dT%H:%M:%S}{_zone(found['zone'])}"


def _zone(text: str | None) -> str:
    if not text or text in ("Z", "z", "UTC", "GMT"):
        return "Z"
    digits = text[1:].replace(":", "").ljust(4, "0")
    return f"{text[0]}{digits[:2]}:{digits[2:]}"
