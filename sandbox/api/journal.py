"""The journal of API calls: the caller, the operation, its required permissions, the status."""

import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.iam.permission import RequiredPermission


@dataclass(frozen=True)
class Call:
    """One call; `caller` is a function's logical ID, or `outside`."""

    caller: str
    service: str
    action: str
    required_permissions: Sequence[RequiredPermission]
    status: int


class Journal:
    """All calls since it was last cleared, in the order of their responses."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: list[Call] = []

    def add(self, call: Call) -> None:
        """Record a call."""
        with self._lock:
            self._calls.append(call)

    def clear(self) -> None:
        """Remove all calls."""
        with self._lock:
            self._calls.clear()

    def document(self) -> list[dict[str, Any]]:
        """The calls as JSON data."""
        with self._lock:
            return [asdict(call) for call in self._calls]
