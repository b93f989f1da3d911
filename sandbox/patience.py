"""Invoking a function that turns callers away when it is busy, as pollers and schedules do."""

import time
from typing import Any

from sandbox.functions import Function, Throttled

_PAUSE = 0.1
_LONGEST = 300.0  # seconds


def invoke_when_free(function: Function, event: Any) -> dict[str, Any]:
    """Invoke it once it has room; Lambda's pollers and Scheduler come again for hours.

    Raises
    ------
    Throttled
        When it has had none for minutes.
    """
    until = time.monotonic() + _LONGEST
    while True:
        try:
            return function.invoke(event)
        except Throttled:
            if time.monotonic() > until:
                raise
            time.sleep(_PAUSE)
