"""The sandbox's clock: real time plus what it was moved by.

The whole process sees it (moto's timestamps, visibility timeouts, sessions that expire); functions
see it because each invocation tells its worker. Waiting is not affected: the monotonic clock is
left alone.
"""

from datetime import UTC, datetime

import time_machine


class Clock:
    """The clock of the process; it only moves forward."""

    def __init__(self) -> None:
        self._traveller = time_machine.travel(datetime.now(UTC).timestamp(), tick=True).start()

    def now(self) -> datetime:
        """The time in the sandbox."""
        return datetime.now(UTC)

    def offset(self) -> float:
        """The number of seconds that the clock is ahead of real time."""
        real = float(time_machine.escape_hatch.time.time())
        return max(0.0, self.now().timestamp() - real)

    def move_to(self, moment: datetime) -> None:
        """Move forward to a moment; does nothing if it is in the past."""
        ahead = (moment - self.now()).total_seconds()
        if ahead > 0:
            self._traveller.shift(ahead)


def rfc3339(moment: datetime) -> str:
    """A moment as the control API writes it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
