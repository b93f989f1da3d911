"""Functions that run as on Lambda: processes of their own, their variables, layers and timeout."""

import json
import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.clock import Clock

WORKER = Path(__file__).with_name("worker.py")
MOST_WORKERS = 4


@dataclass(frozen=True)
class FunctionSpec:
    """What the template declares of a function.

    `access_key` is what the function signs its calls with, so that they can be told apart;
    `timeout` is in seconds. `reserved` is how many may run at once, if it has a reserved
    concurrency.
    """

    name: str
    logical_id: str
    arn: str
    handler: str
    code: Path
    layers: tuple[Path, ...]
    variables: Mapping[str, str]
    memory: int
    timeout: float
    reserved: int | None = None

    @property
    def access_key(self) -> str:
        """The access key of the function's execution role, as it were."""
        return f"FUNCTION{self.logical_id}"


class Throttled(Exception):
    """All that may run of a function are running: Lambda's TooManyRequestsException."""


class Worker:
    """One process; it serves one invocation at a time and stays for the next."""

    def __init__(self, spec: FunctionSpec, url: str, log: int) -> None:
        self._spec = spec
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter)
            [sys.executable, "-P", str(WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env=_environment(spec, url),
            cwd=spec.code,
            text=True,
            encoding="utf-8",
        )
        self._ready = False

    def answer(self, event: Any, offset: float) -> dict[str, Any]:
        """Run the handler; answers `{"payload": <JSON text>}` or `{"error": {…}}`."""
        failed = self.await_ready()
        return failed or self._exchange(
            {
                "event": event,
                "offset": offset,
                "function_arn": self._spec.arn,
                "request_id": str(uuid.uuid4()),
                "timeout": self._spec.timeout,
            }
        )

    def await_ready(self) -> dict[str, Any] | None:
        """Wait until the handler is imported; answers what went wrong, if anything did."""
        if not self._ready:
            first = self._read()
            self._ready = "ready" in first
            return None if self._ready else first
        return None

    def alive(self) -> bool:
        """Whether it can serve another invocation."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End it now."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what was still to be written to it
                assert pipe
                pipe.close()

    def _exchange(self, request: dict[str, Any]) -> dict[str, Any]:
        late = threading.Event()

        def stop() -> None:
            late.set()
            self._process.kill()

        timer = threading.Timer(self._spec.timeout, stop)
        timer.start()
        try:
            stdin = self._process.stdin
            assert stdin
            stdin.write(json.dumps(request) + "\n")
            stdin.flush()
            answer = self._read()
        except BrokenPipeError:
            answer = _ended()
        finally:
            timer.cancel()
        if late.is_set():
            text = f"{request['request_id']} Task timed out after {self._spec.timeout:.2f} seconds"
            return {"error": {"errorType": "Sandbox.Timedout", "errorMessage": text}}
        return answer

    def _read(self) -> dict[str, Any]:
        stdout = self._process.stdout
        assert stdout
        line = stdout.readline()
        if not line:
            self.kill()
            return _ended()
        answer: dict[str, Any] = json.loads(line)
        return answer


class Function:
    """One function and its workers; more start when all are busy.

    A function with a reserved concurrency refuses what is above it, as Lambda does. Others wait:
    Lambda would start more of them than a developer's machine can.
    """

    def __init__(self, spec: FunctionSpec, url: str, clock: Clock, log: int) -> None:
        self.spec = spec
        self._url, self._clock, self._log = url, clock, log
        self._free = threading.Semaphore(MOST_WORKERS if spec.reserved is None else spec.reserved)
        self._lock = threading.Lock()
        self._idle: list[Worker] = [self._start()]
        self._all: list[Worker] = list(self._idle)
        self.running = self._busy = self._peak = self._throttled = 0

    def invoke(self, event: Any) -> dict[str, Any]:
        """Run it once.

        Raises
        ------
        Throttled
            When as many are running as may.
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
        """How many ran at once at most, and how many were turned away, as JSON data."""
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
        """Wait until the first worker is warm; an error in it shows on invocation."""
        with self._free:
            worker = self._take()
            worker.await_ready()
            self._give_back(worker)

    def stop(self) -> None:
        """End all its workers."""
        for worker in self._all:
            worker.kill()

    def _take(self) -> Worker:
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if worker.alive():
                    break
                self._all.remove(worker)
            else:
                worker = self._start()
                self._all.append(worker)
            self._busy += 1
            self._peak = max(self._peak, self._busy)
            return worker

    def _give_back(self, worker: Worker) -> None:
        with self._lock:
            self._busy -= 1
            self._idle.append(worker)

    def _start(self) -> Worker:
        return Worker(self.spec, self._url, self._log)


def _environment(spec: FunctionSpec, url: str) -> dict[str, str]:
    """Only what Lambda would give it, and where this AWS is."""
    path = [str(spec.code), *(str(_python(layer)) for layer in spec.layers)]
    return {
        **spec.variables,
        "PATH": os.environ.get("PATH", ""),
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "PYTHONPATH": os.pathsep.join(path),
        "_HANDLER": spec.handler,
        "AWS_ENDPOINT_URL": url,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": spec.access_key,
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_LAMBDA_FUNCTION_NAME": spec.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(spec.memory),
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{spec.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "sandbox",
    }


def _python(layer: Path) -> Path:
    """A layer's packages: under `python/` when laid out as shipped, else the folder itself."""
    shipped = layer / "python"
    return shipped if shipped.is_dir() else layer


def _ended() -> dict[str, Any]:
    text = "the function's process ended before it answered; see the log"
    return {"error": {"errorType": "Runtime.ExitError", "errorMessage": text}}
