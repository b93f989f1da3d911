"""Times and spans in words."""

from latchkey.times import parse_instant

_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def moment(instant: str) -> str:
    """`2030-06-30T18:00:00Z` as `2030-06-30 18:00 UTC`, with seconds only where there are any."""
    found = parse_instant(instant)
    return found.strftime("%Y-%m-%d %H:%M:%S UTC" if found.second else "%Y-%m-%d %H:%M UTC")


def span(seconds: int) -> str:
    """A number of seconds as `30 days`, or `1 day 2 hours`: the two largest units."""
    parts, left = [], abs(seconds)
    for name, size in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {name}{'s' if count > 1 else ''}")
    return " ".join(parts[:2]) or "0 seconds"
