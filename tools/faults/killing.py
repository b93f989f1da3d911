"""Kills function processes of a sandbox at random, while it works."""

import os
import signal
import subprocess
import threading
from contextlib import suppress
from random import Random
from types import TracebackType
from typing import Self

from sandbox import Sandbox


class Killer:
    """Within the `with` block a process dies every `pause` seconds; `killed` counts them."""

    def __init__(self, box: Sandbox, pause: float, random: Random) -> None:
        self.killed = 0
        self._box, self._pause, self._random = box, pause, random
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._kill, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _kill(self) -> None:
        while not self._over.wait(self._pause):
            if workers := self._workers():
                with suppress(ProcessLookupError):  # it had ended by itself
                    os.kill(self._random.choice(workers), signal.SIGKILL)
                    self.killed += 1

    def _workers(self) -> list[int]:
        listing = ["ps", "-A", "-o", "pid=,ppid=,args="]
        found = subprocess.run(listing, capture_output=True, text=True, check=True)  # noqa: S603 (ours)
        rows = [line.split(maxsplit=2) for line in found.stdout.splitlines()]
        warm = [pid for pid, parent, _ in rows if int(parent) == self._box.pid]
        return [int(pid) for pid, parent, line in rows if parent in warm and "worker.py" in line]
