"""Functions, each with its workers and its reserved concurrency."""

import threading
from typing import Any

from sandbox.compute.function_spec import FunctionSpec
from sandbox.compute.warm_process import WarmProcess
from sandbox.compute.worker_process import WorkerProcess
from sandbox.time.clock import Clock

MOST_WORKERS = 4


class Throttled(Exception):
    """As many invocations as the reserved concurrency allows are running."""


class Function:
    """A function and its workers; another worker starts when all are busy.

    Invocations above a reserved concurrency are throttled, as on Lambda. Without one, invocations
    wait for one of `MOST_WORKERS` workers; Lambda would start more than a developer's machine can.
    """

    def __init__(self, spec: FunctionSpec, url: str, clock: Clock, warm: WarmProcess) -> None:
        self.spec = spec
        self._url, self._clock, self._warm = url, clock, warm
        self._free = threading.Semaphore(MOST_WORKERS if spec.reserved is None else spec.reserved)
        self._lock = threading.Lock()
        self._idle: list[WorkerProcess] = [self._start()]
        self._all: list[WorkerProcess] = list(self._idle)
        self.running = self._busy = self._peak = self._throttled = 0

    def invoke(self, event: Any) -> dict[str, Any]:
        """Invoke the function once.

        Raises
        ------
        Throttled
            When the reserved concurrency is in use.
        """
        self._admit()
        try:
            with self._free:
                worker = self._take()
                answer = worker.answer(event, self._clock.offset())
                self._give_back(worker)
                return answer
        finally:
            with self._lock:
                self.running -= 1

    def document(self) -> dict[str, Any]:
        """The peak of concurrent invocations and the number of throttled ones, as JSON data."""
        return {
            "name": self.spec.logical_id,
            "reserved": self.spec.reserved,
            "peak": self._peak,
            "throttled": self._throttled,
        }

    def _admit(self) -> None:
        with self._lock:
            if self.spec.reserved is not None and self.running >= self.spec.reserved:
                self._throttled += 1
                raise Throttled("Rate Exceeded.")
            self.running += 1

    def await_ready(self) -> None:
        """Wait until the first worker is warm; an import error surfaces on invocation."""
        with self._free:
            worker = self._take()
            worker.await_ready()
            self._give_back(worker)

    def stop(self) -> None:
        """Stop all workers."""
        for worker in self._all:
            worker.kill()

    def _take(self) -> WorkerProcess:
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if worker.alive():
                    break
                worker.kill()
                self._all.remove(worker)
            else:
                worker = self._start()
                self._all.append(worker)
            self._busy += 1
            self._peak = max(self._peak, self._busy)
            return worker

    def _give_back(self, worker: WorkerProcess) -> None:
        with self._lock:
            self._busy -= 1
            self._idle.append(worker)

    def _start(self) -> WorkerProcess:
        return WorkerProcess(self.spec, self._url, self._warm)
