"""Looks at something that comes of itself, until there is no time left."""

import time

_SHORTEST, _LONGEST = 0.05, 0.25
_SHARE = 0.1


class Looks:
    """Looks at what may take some seconds; a look costs processor time that it may be waiting for.

    So they are frequent at first, and then a tenth of what was waited for apart.
    """

    def __init__(self, seconds: float) -> None:
        self._began = time.monotonic()
        self._seconds = seconds

    def left(self) -> bool:
        """Whether there is time for another look."""
        return self._waited() < self._seconds

    def pause(self) -> None:
        """Wait before the next look."""
        time.sleep(min(max(_SHORTEST, self._waited() * _SHARE), _LONGEST))

    def _waited(self) -> float:
        return time.monotonic() - self._began
