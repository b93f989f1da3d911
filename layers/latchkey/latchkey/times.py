"""Times as policies, schedules, records and history write them."""

from datetime import UTC, datetime


def instant(moment: datetime) -> str:
    """A time as policies, schedules and the grant table hold it: `YYYY-MM-DDTHH:MM:SSZ`."""
    naive = moment.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    return f"{naive.isoformat()}Z"


def seconds_between(earlier: str, later: str) -> int:
    """How many seconds lie between two times that `instant` made."""
    return round((parse_instant(later) - parse_instant(earlier)).total_seconds())


def parse_instant(text: str) -> datetime:
    """The time in a text that `instant` made."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def stamp(now: datetime) -> str:
    """A time with microseconds, in UTC, which sorts as text: `2030-01-31T12:00:00.000000Z`."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
