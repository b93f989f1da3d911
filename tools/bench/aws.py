"""An AWS on loopback in a process of its own: moto, with a delay on every call.

`python -m tools.bench.aws` prints its address; `POST /_bench/delay` with milliseconds sets the
delay.
"""

import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

Start = Callable[..., Any]


class Delayed:
    """Lets each call wait before it is answered, as the way to AWS and back would."""

    def __init__(self, application: Callable[[Any, Start], Iterable[bytes]]) -> None:
        self._application = application
        self._seconds = 0.0

    def __call__(self, environ: Any, start: Start) -> Iterable[bytes]:
        """Answer a call, as WSGI has it."""
        if environ["PATH_INFO"] == "/_bench/delay":
            size = int(environ["CONTENT_LENGTH"])
            self._seconds = int(environ["wsgi.input"].read(size)) / 1000
            start("200 OK", [("Content-Length", "0")])
            return []
        time.sleep(self._seconds)
        return self._application(environ, start)


@contextmanager
def running() -> Iterator[str]:
    """An AWS of its own, for as long as this lasts; its address."""
    command = [sys.executable, "-m", "tools.bench.aws"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            assert process.stdout
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def delay(url: str, milliseconds: int) -> None:
    """Let every call wait that long from here on."""
    data = str(milliseconds).encode()
    urllib.request.urlopen(f"{url}/_bench/delay", data).close()  # noqa: S310 (our own server)


def _serve() -> None:
    import logging

    from moto.moto_server.werkzeug_app import (
        DomainDispatcherApplication,
        MotoRequestHandler,
        create_backend_app,
    )
    from werkzeug.serving import make_server

    from sandbox.moto_fixes import dynamodb

    for fix in dynamodb.FIXES:
        fix()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    application = Delayed(DomainDispatcherApplication(create_backend_app))
    server = make_server(
        "127.0.0.1", 0, application, threaded=True, request_handler=MotoRequestHandler
    )
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    _serve()
