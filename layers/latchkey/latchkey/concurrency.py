"""Calls of AWS that do not depend on each other, side by side: each waits for the network alone."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

MOST = 8
"""How many run at once; with 1 they run one after another, in their order."""


def concurrently(*calls: Callable[[], Any]) -> list[Any]:
    """What each call answers, in their order; boto3 clients may be shared by threads.

    Each is made and waited for, whatever becomes of the others; only what ends the process ends
    them too. Of the errors, the first in the order of the calls is raised, whichever came first:
    the same failures always look the same.
    """
    if len(calls) == 1:
        return [calls[0]()]
    done = [_PendingCall(call) for call in calls]
    for start in range(0, len(done), MOST):
        _run(batch := done[start : start + MOST])
        for call in batch:
            if call.error is not None and not isinstance(call.error, Exception):
                raise call.error
    for call in done:
        if call.error is not None:
            raise call.error
    return [call.answer for call in done]


class _PendingCall:
    """One call, with what came of it."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self._call = call
        self.answer: Any = None
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.answer = self._call()
        except BaseException as error:  # noqa: BLE001 (raised where its result is awaited)
            self.error = error


def _run(calls: Sequence[_PendingCall]) -> None:
    """Run calls at once, the first of them in this very thread."""
    threads = [threading.Thread(target=call.run) for call in calls[1:]]
    for thread in threads:
        thread.start()
    calls[0].run()
    for thread in threads:
        thread.join()
