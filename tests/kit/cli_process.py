"""The process whose forks run a command line; run by path, it sees nothing of the tests.

It has imported libraries, and nothing of ours: each fork runs the installed entry point, with the
arguments, variables, folder and open files of whoever asks for that on a socket.
"""

import atexit
import gc
import importlib
import marshal
import os
import runpy
import select
import socket
import sys
import time
import traceback
from collections import defaultdict
from contextlib import suppress
from typing import Any

LIBRARIES = ("boto3", "botocore.config", "click", "pydantic")
MODELS = ("cloudformation", "dynamodb", "iam", "lambda", "s3", "ssm", "stepfunctions", "sts")
"""Services that commands call; to read their models takes a third of a command."""


def main(address: str, entry_point: str, *libraries: str) -> None:
    """Serve until the standard input ends, which the process of the tests holds open."""
    for name in (*LIBRARIES, *libraries):
        importlib.import_module(name)
    _read_models()
    gc.freeze()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen()
    print("ready", flush=True)
    while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
        asked, _ = listener.accept()
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if os.fork() == 0:
            listener.close()
            _run(asked, entry_point)
        asked.close()


def _read_models() -> None:
    """Read models as clients do, which then find them read; each path of models has its own."""
    read: dict[Any, dict[Any, Any]] = defaultdict(dict)
    cache = property(lambda self: read[tuple(self.search_paths)], lambda *_: None)
    sys.modules["botocore.loaders"].Loader._cache = cache
    loader = sys.modules["boto3"].Session()._loader
    for name in ("endpoints", "partitions", "sdk-default-configuration"):
        loader.load_data(name)
    for service in MODELS:
        for kind in ("service-2", "endpoint-rule-set-1"):
            loader.load_service_model(service, kind)


def _run(asked: socket.socket, entry_point: str) -> None:
    """Run the command line, and tell its exit status."""
    head, files, _, _ = socket.recv_fds(asked, 8, 3)
    with asked.makefile("rb") as rest:
        arguments, variables, folder = marshal.loads(rest.read(int.from_bytes(head)))  # noqa: S302
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    time.tzset()
    sys.argv = [entry_point, *arguments]
    sys.path.insert(0, os.path.dirname(entry_point))  # noqa: PTH120 (as Python has it)
    status = _status(entry_point)
    with suppress(BrokenPipeError):
        sys.stdout.flush()
    asked.sendall(bytes([status]))
    os._exit(status)


def _status(entry_point: str) -> int:
    try:
        runpy.run_path(entry_point, run_name="__main__")
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
            return 1
        return int(end.code or 0) & 255
    except BaseException:  # noqa: BLE001 (as Python ends)
        traceback.print_exc()
        return 1
    finally:
        atexit._run_exitfuncs()
    return 0


if __name__ == "__main__":
    main(*sys.argv[1:])
