"""The processes in which functions' code runs, one event at a time, and the one they begin in.

Run by path, not as a module of the package: a function must see what Lambda would show it, its
folder and its layers, and nothing of the sandbox. The warm process has imported libraries that
every function imports, and none of ours; a worker is a fork of it, which imports the function.
What it is asked for comes by its standard input, which is a socket.

A worker's requests and answers are JSON lines on its standard input and on what was its standard
output; whatever the function prints goes to the log. It ends when its input does.
"""

import gc
import importlib
import json
import os
import signal
import socket
import sys
import time
import traceback
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

sys.modules["pytest"] = None  # type: ignore[assignment]  # time_machine would import all of it
import time_machine  # noqa: E402

LIBRARIES = (
    "aws_lambda_powertools",
    "aws_lambda_powertools.utilities.typing",
    "botocore.config",
    "botocore.session",
)
"""What the warm process imports: no more than each function imports by itself."""

MODELS = ("dynamodb", "events", "iam", "s3", "scheduler", "sns", "sqs", "ssm", "stepfunctions")
"""Services whose models the warm process has read, which takes as long as all of the imports."""

_ALONE = "alone"


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
    """Be a worker alone, or the warm process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the sandbox, which ends us
    if sys.argv[1:] == [_ALONE]:
        _work()
        return
    for name in LIBRARIES:
        importlib.import_module(name)
    _read_models()
    gc.freeze()  # so that looking for garbage copies no memory that forks share
    asked = socket.socket(fileno=0)
    while document := _asked_for(asked):
        if pid := document.get("kill"):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        elif not (pid := _forked(document)):
            asked.detach()
            _become(document)
            return
        asked.sendall(pid.to_bytes(8))


def _read_models() -> None:
    """Read models as clients do, which then find them read; each path of models has its own."""
    loaders: Any = sys.modules["botocore.loaders"]
    read: dict[Any, dict[Any, Any]] = defaultdict(dict)
    cache = property(lambda self: read[tuple(self.search_paths)], lambda *_: None)
    loaders.Loader._cache = cache  # noqa: SLF001 (botocore's own way)
    loader = loaders.create_loader()
    for name in ("endpoints", "partitions", "sdk-default-configuration"):
        loader.load_data(name)
    for service in MODELS:
        for kind in ("service-2", "endpoint-rule-set-1"):
            loader.load_service_model(service, kind)


def _asked_for(asked: socket.socket) -> dict[str, Any] | None:
    """The next document, with the pipes that came with it, or None at the end."""
    head, pipes, _, _ = socket.recv_fds(asked, 8, 2)
    if not head:
        return None
    while len(head) < 8:
        head += asked.recv(8 - len(head))
    body, length = b"", int.from_bytes(head)
    while len(body) < length:
        body += asked.recv(length - len(body))
    return {**json.loads(body), "pipes": pipes}


def _forked(document: dict[str, Any]) -> int:
    """Fork with the pipes as standard input and output; 0 in the worker."""
    pid = os.fork()
    for number, pipe in enumerate(document["pipes"]):
        if not pid:
            os.dup2(pipe, number)
        os.close(pipe)
    return pid


def _become(document: dict[str, Any]) -> None:
    """Go on as a function's worker, with its environment, folder and path only."""
    environment, path = document["environment"], document["path"]
    os.chdir(document["code"])
    if not _may_share(path):
        given = [sys.executable, "-P", __file__, _ALONE]
        os.execve(sys.executable, given, environment)  # noqa: S606 (our own interpreter)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:0] = path
    _work()


def _may_share(path: list[str]) -> bool:
    """Whether a function would import what the warm process did: its own modules come first.

    Libraries of macOS do not work in forks.
    """
    own = {one.name.partition(".")[0] for folder in path for one in Path(folder).iterdir()}
    return sys.platform != "darwin" and own.isdisjoint(sys.modules)


def _work() -> None:
    """Import the handler, then answer requests until there are no more."""
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
