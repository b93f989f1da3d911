"""Retries of invocations that were throttled, as Lambda's pollers and Scheduler make them."""

import time
from collections.abc import Callable
from typing import Any

from sandbox.compute.functions import Function, Throttled

_PAUSE = 0.1  # seconds between two attempts
_LONGEST = 300.0  # seconds until giving up; on AWS it is hours


def invoke_with_retry(function: Function, event: Any) -> dict[str, Any]:
    """Invoke a function, again for as long as it is throttled.

    Raises
    ------
    Throttled
        When it was still throttled after five minutes.
    """
    return with_retry(lambda: function.invoke(event), Throttled)


def with_retry[T](invoke: Callable[[], T], throttled: type[Exception]) -> T:
    """Do the same with any way to invoke, by the exception that it raises when throttled."""
    until = time.monotonic() + _LONGEST
    while True:
        try:
            return invoke()
        except throttled:
            if time.monotonic() > until:
                raise
            time.sleep(_PAUSE)
