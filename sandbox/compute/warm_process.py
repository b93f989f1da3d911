"""The warm process, whose forks the workers are."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_WORKER = Path(__file__).with_name("worker.py")


CONSTANTS = {"LANG": "en_US.UTF-8", "TZ": ":UTC"}
"""Variables that each function has."""


class WarmProcess:
    """One process that has imported what all functions do; it ends when `stop` is called.

    `log` is the file that its forks print to.
    """

    def __init__(self, log: int) -> None:
        ours, its = socket.socketpair()
        self._socket, self._lock = ours, threading.Lock()
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter)
            [sys.executable, "-P", str(_WORKER)],
            stdin=its.fileno(),
            stdout=log,
            stderr=log,
            env={"PATH": os.environ.get("PATH", ""), **CONSTANTS},
        )
        its.close()

    def start(self, document: dict[str, Any], pipes: Sequence[int]) -> int:
        """Start a worker with two pipes, its standard input and output; answers its process ID.

        The document names its `environment`, its `code` folder and its `path` of modules.
        """
        return self._ask(document, pipes)

    def kill(self, pid: int) -> None:
        """Kill a worker, and wait for its end; each may be killed once."""
        self._ask({"kill": pid}, ())

    def stop(self) -> None:
        """End the process; workers end with their input."""
        with self._lock:
            self._socket.close()
            self._process.wait()

    def _ask(self, document: dict[str, Any], pipes: Sequence[int]) -> int:
        body = json.dumps(document).encode()
        with self._lock:
            socket.send_fds(self._socket, [len(body).to_bytes(8)], pipes)
            self._socket.sendall(body)
            answer = self._socket.recv(8, socket.MSG_WAITALL)
        if not answer:
            raise RuntimeError("the process whose forks run the functions has ended; see the log")
        return int.from_bytes(answer)
