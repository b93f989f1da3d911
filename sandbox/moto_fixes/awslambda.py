"""Fixes of moto's Lambda."""

import json
import threading
from typing import Any

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaFunction

from sandbox.compute.functions import Throttled
from sandbox.compute.runtime import Runtime
from sandbox.moto_fixes.replacing import replace_member


class _TooManyRequests(LambdaClientError):
    """What Lambda answers above the reserved concurrency."""

    code = 429


def run_functions_in_processes(runtime: Runtime) -> None:
    """Run functions in the sandbox's own workers; moto starts a Docker container for each call.

    Mends `LambdaFunction.invoke`, moto/awslambda/models.py:1143, which also runs the function on
    `DryRun`, waits for it on `Event`, and answers `Handled` for errors that nothing handled.
    """

    def invoke(self: Any, body: Any, request_headers: Any, response_headers: Any) -> bytes:
        kind = request_headers.get("x-amz-invocation-type")
        if kind == "DryRun":
            return b""
        function = runtime.functions[self.function_arn]
        event = json.loads(body) if body else {}
        if kind == "Event":
            threading.Thread(target=function.invoke, args=(event,), daemon=True).start()
            return b""
        try:
            answer = function.invoke(event)
        except Throttled as throttled:
            raise _TooManyRequests("TooManyRequestsException", str(throttled)) from throttled
        if "error" not in answer:
            return str(answer["payload"]).encode()
        response_headers["x-amz-function-error"] = "Unhandled"
        return json.dumps(answer["error"]).encode()

    replace_member(LambdaFunction, "invoke", invoke)
