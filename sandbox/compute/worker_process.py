"""The process that runs a function's code, with the environment that Lambda provides."""

import json
import os
import select
import threading
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

from sandbox.account import region_of
from sandbox.compute.function_spec import FunctionSpec
from sandbox.compute.warm_process import CONSTANTS, WarmProcess


class WorkerProcess:
    """One process; it serves one invocation at a time, and stays warm for the next."""

    def __init__(self, spec: FunctionSpec, url: str, warm: WarmProcess) -> None:
        self._spec, self._warm = spec, warm
        its_input, requests = os.pipe()
        answers, its_output = os.pipe()
        path = [str(spec.code), *(str(_python(layer)) for layer in spec.layers)]
        document = {
            "environment": _environment(spec, url, path),
            "path": path,
            "code": str(spec.code),
        }
        try:
            self._pid = warm.start(document, (its_input, its_output))
        finally:
            os.close(its_input)
            os.close(its_output)
            self._requests = os.fdopen(requests, "w", encoding="utf-8")
            self._answers = os.fdopen(answers, encoding="utf-8")
        self._lock, self._killed = threading.Lock(), False
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
        """Wait until the handler is imported; answers the error if that fails."""
        if not self._ready:
            first = self._read()
            self._ready = "ready" in first
            return None if self._ready else first
        return None

    def alive(self) -> bool:
        """Whether the process can serve another invocation: it has not closed its output."""
        if self._killed:
            return False
        ended = select.poll()
        ended.register(self._answers, 0)
        return not ended.poll(0)

    def kill(self) -> None:
        """Kill the process, and close what leads to it."""
        self._end()
        for pipe in (self._requests, self._answers):
            with suppress(OSError):  # what was still to be written to it
                pipe.close()

    def _end(self) -> None:
        with self._lock:
            if not self._killed:
                self._killed = True
                self._warm.kill(self._pid)

    def _exchange(self, request: dict[str, Any]) -> dict[str, Any]:
        late = threading.Event()

        def stop() -> None:
            late.set()
            self._end()

        timer = threading.Timer(self._spec.timeout, stop)
        timer.start()
        try:
            self._requests.write(json.dumps(request) + "\n")
            self._requests.flush()
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
        line = self._answers.readline()
        if not line:
            self.kill()
            return _ended()
        answer: dict[str, Any] = json.loads(line)
        return answer


def _environment(spec: FunctionSpec, url: str, path: list[str]) -> dict[str, str]:
    """Only what Lambda would provide, and the address of the sandbox."""
    return {
        **spec.variables,
        **CONSTANTS,
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": os.pathsep.join(path),
        "_HANDLER": spec.handler,
        "AWS_ENDPOINT_URL": url,
        "AWS_REGION": region_of(spec.arn),
        "AWS_DEFAULT_REGION": region_of(spec.arn),
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
