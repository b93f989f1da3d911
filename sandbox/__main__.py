"""`python -m sandbox`: an AWS on this machine with the stack deployed in it, until stopped.

Variables: `SANDBOX_PORT` (4599; 0 for any free one), `SANDBOX_HOST` (127.0.0.1), `SANDBOX_TLS` (a
folder to write a certificate to: HTTPS too), `SANDBOX_STOP_ON_EOF` to stop when standard input
ends, for those who start it as a child, `SANDBOX_LOG` for a file that takes what is logged, and
`SANDBOX_OTHER_STACKS` for further stacks beside it, each with its prefix of role names, and with
further parameters after a `?`:
`dev=partner-dev-?ChatNotices=on,latchkey@eu-west-1=partner-eu-`.
"""

import sandbox.startup  # isort: skip  # (before moto)
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from sandbox.api.server import CannotListen, Server

USUAL_PORT = "4599"
TEMPLATE = Path(__file__).parent.parent / "template.yaml"


def main() -> int:
    """Run until SIGINT or SIGTERM; answers the exit status."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    host, port = (
        os.environ.get("SANDBOX_HOST", "127.0.0.1"),
        os.environ.get("SANDBOX_PORT", USUAL_PORT),
    )
    if not port.isdigit() or int(port) > 65535:
        print(f"error: SANDBOX_PORT is {port!r}; it has to be from 0 to 65535", file=sys.stderr)
        return 2
    try:
        server = Server(host, int(port), TEMPLATE, _other_stacks())
    except CannotListen as error:
        print(f"error: {error}; set SANDBOX_PORT to another port, or to 0 for any", file=sys.stderr)
        return 2
    try:
        log = os.environ.get("SANDBOX_LOG")
        with _logging_in(Path(log) if log else None):
            server.start()
        sandbox.startup.ready()
        if server.tls_url:
            print(f"sandbox with TLS at {server.tls_url}", flush=True)
        print(f"sandbox ready at {server.url}", flush=True)
        if log:
            _say_what_is_next(Path(log), server.url)
        os.dup2(2, 1)  # whoever waited for that line need not read on
        if os.environ.get("SANDBOX_STOP_ON_EOF"):
            threading.Thread(target=_await_end_of_input, args=(stopped,), daemon=True).start()
        stopped.wait()
    finally:
        server.stop()
    return 0


@contextmanager
def _logging_in(log: Path | None) -> Iterator[None]:
    """What functions and moto log from now on goes to a file, but the error that ends the start."""
    if log is None:
        yield
        return
    log.parent.mkdir(parents=True, exist_ok=True)
    shown = os.dup(2)
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 2)
    try:
        yield
    except BaseException:
        os.dup2(shown, 2)
        raise
    finally:
        os.close(shown)


def _say_what_is_next(log: Path, url: str) -> None:
    port = str(urlsplit(url).port)
    at = "" if port == USUAL_PORT else f" SANDBOX_PORT={port}"
    print(
        f"what its functions log is in {log}\n"
        "next, in another terminal:\n"
        f"  make samples cli{at:<19} # what the sample configs name; the command line\n"
        f"  export AWS_ENDPOINT_URL={url}\n"
        "  .venv/bin/latchkey plan events/configs/s3_folder_and_secret.json\n"
        "Ctrl-C stops it; nothing is kept.",
        flush=True,
    )


def _other_stacks() -> dict[str, str]:
    """The prefix of each stack that is deployed beside `latchkey`, by name or `name@region`."""
    given = filter(None, os.environ.get("SANDBOX_OTHER_STACKS", "").split(","))
    return {stack: prefix for stack, _, prefix in (one.partition("=") for one in given)}


def _await_end_of_input(stopped: threading.Event) -> None:
    sys.stdin.read()
    stopped.set()


if __name__ == "__main__":
    try:
        status = main()
    except Exception:  # noqa: BLE001 (whatever it is, say so and end)
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    os._exit(status)  # executions of workflows may still wait in threads of their own
