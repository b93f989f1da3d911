"""Times as durations from now."""

from datetime import datetime

from latchkey.times import parse_instant


def from_now(moment: str | None, now: datetime) -> str:
    """The duration until or since a time: `in 12 days`, `3 hours ago`."""
    if not moment:
        return ""
    seconds = (parse_instant(moment) - now).total_seconds()
    size = abs(seconds)
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if size >= length:
            count = int(size // length)
            duration = f"{count} {unit}{'s' * (count != 1)}"
            return f"in {duration}" if seconds > 0 else f"{duration} ago"
    return "now"
