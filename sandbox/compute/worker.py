"""A worker: the process in which one function's code runs, one event at a time.

Run by path, not as a module of the package: it must see what Lambda would show it, the function's
folder and its layers, and nothing of the sandbox. Requests and answers are JSON lines on its
standard input and on what was its standard output; whatever the function prints goes to the log.
It ends when its input does.
"""

import importlib
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any, TextIO

sys.modules["pytest"] = None  # type: ignore[assignment]  # time_machine would import all of it
import time_machine  # noqa: E402


class Context:
    """What Lambda tells a handler about itself; the attribute names are AWS's."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = int(os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"])
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.invoked_function_arn = request["function_arn"]
        self.aws_request_id = request["request_id"]
        self.identity = None
        self.client_context = None
        self._deadline = time.monotonic() + request["timeout"]

    def get_remaining_time_in_millis(self) -> int:
        """How long until Lambda stops this invocation."""
        return max(0, int((self._deadline - time.monotonic()) * 1000))


def main() -> None:
    """Import the handler, then answer requests until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the sandbox, which ends us
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    traveller = time_machine.travel(time.time(), tick=True).start()
    try:
        handler = _handler(os.environ["_HANDLER"])
    except BaseException as error:  # noqa: BLE001 (whatever stops the import is the answer)
        _send(answers, {"error": _described(error)})
        return
    _send(answers, {"ready": True})
    for line in sys.stdin:
        request = json.loads(line)
        ahead = time.time() - time_machine.escape_hatch.time.time()
        traveller.shift(request["offset"] - ahead)
        _send(answers, _answer(handler, request))


def _handler(name: str) -> Callable[[Any, Context], Any]:
    module, _, function = name.rpartition(".")
    found: Callable[[Any, Context], Any] = getattr(
        importlib.import_module(module.replace("/", ".")), function
    )
    return found


def _answer(handler: Callable[[Any, Context], Any], request: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"payload": json.dumps(handler(request["event"], Context(request)))}
    except Exception as error:  # noqa: BLE001 (Lambda answers every exception as a document)
        return {"error": _described(error)}


def _described(error: BaseException) -> dict[str, Any]:
    traceback.print_exception(error)
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "stackTrace": traceback.format_tb(error.__traceback__),
    }


def _send(answers: TextIO, answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
