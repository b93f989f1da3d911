"""The only clock of Latchkey."""

from datetime import UTC, datetime


def now() -> datetime:
    """The time, in UTC; the only clock of Latchkey."""
    return datetime.now(UTC)
