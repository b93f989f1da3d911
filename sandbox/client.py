"""The sandbox as tests and the demo use it: a process of its own, and clients for it."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sandbox.account import REGION
from sandbox.connection import connect, function_key

_ROOT = Path(__file__).parent.parent
_READY = "sandbox ready at "


class Sandbox:
    """A running sandbox; leave the `with` block to stop it.

    What it and the functions log goes to a file, which `log()` reads. `others` are further stacks
    in the same account, by name or `name@region`, each with its prefix of role names,
    and further parameters after a `?`: `partner-dev-?ChatNotices=on`.
    """

    def __init__(self, port: int = 0, others: Mapping[str, str] | None = None) -> None:
        self._port = port
        self._others = ",".join(f"{name}={prefix}" for name, prefix in (others or {}).items())
        self.url = ""

    def __enter__(self) -> Self:
        self._log = tempfile.TemporaryFile(mode="w+", encoding="utf-8")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sandbox"],
            cwd=_ROOT,
            env={
                **os.environ,
                "SANDBOX_PORT": str(self._port),
                "SANDBOX_OTHER_STACKS": self._others,
                "SANDBOX_STOP_ON_EOF": "yes",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        assert self._process.stdout
        for line in self._process.stdout:
            if line.startswith(_READY):
                self.url = line.removeprefix(_READY).strip()
                return self
        self._process.communicate()
        raise RuntimeError(f"the sandbox did not start:\n{self.log()}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        try:
            self._process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
        self._log.close()

    @property
    def pid(self) -> int:
        """The process that all of it runs in, but for the functions: those are its children."""
        return self._process.pid

    def client(self, service: str, region: str = REGION) -> Any:
        """A boto3 client of somebody with all rights in our account."""
        return connect(self.url, service, "outside", region=region)

    def function_client(self, function: str, service: str, region: str = REGION) -> Any:
        """A boto3 client of somebody who has the session of a function, by the function's name."""
        return connect(self.url, service, self.function_key(function, region), region=region)

    def function_key(self, function: str, region: str = REGION) -> str:
        """The access key of the session of a function's role, by the function's name."""
        return function_key(self.client("lambda", region), function)

    @cached_property
    def outputs(self) -> dict[str, str]:
        """The outputs of the stack."""
        return self.outputs_of("latchkey")

    def outputs_of(self, stack: str, region: str = REGION) -> dict[str, str]:
        """The outputs of a stack."""
        found = self.client("cloudformation", region).describe_stacks(StackName=stack)
        return {item["OutputKey"]: item["OutputValue"] for item in found["Stacks"][0]["Outputs"]}

    def now(self) -> datetime:
        """The sandbox's time."""
        return datetime.fromisoformat(self._control("GET", "clock")["now"])

    def advance(self, seconds: float) -> datetime:
        """Move the clock, and wait until all that fell due is done; answers the time."""
        answer = self._control("POST", "clock", {"advance_seconds": seconds})
        return datetime.fromisoformat(answer["now"])

    def calls(self) -> list[dict[str, Any]]:
        """The journal of API calls, one document each; README.md describes them."""
        found: list[dict[str, Any]] = self._control("GET", "calls")["calls"]
        return found

    def clear_calls(self) -> None:
        """Begin a new journal."""
        self._control("DELETE", "calls")

    def functions(self) -> list[dict[str, Any]]:
        """`{"name", "reserved", "peak", "throttled"}` for each function: its runs at once."""
        found: list[dict[str, Any]] = self._control("GET", "functions")["functions"]
        return found

    def log(self) -> str:
        """What the sandbox and the functions have logged so far."""
        self._log.seek(0)
        return self._log.read()

    def _control(self, method: str, path: str, document: Any = None) -> Any:
        body = None if document is None else json.dumps(document).encode()
        connection = HTTPConnection(self.url.removeprefix("http://"))
        connection.request(method, f"/_sandbox/{path}", body)
        with connection.getresponse() as answer:
            found = json.load(answer)
        connection.close()
        if answer.status != HTTPStatus.OK:
            raise ValueError(found["message"])
        return found
