"""Answers several requests on one connection, as AWS does.

Werkzeug's own handler closes each connection after one request, since it does not know whether the
request was read to its end. A thread and a connection for each call were a third of what a sandbox
computed.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.exceptions import InternalServerError

_NO_BODY = ("204", "304")


class ConnectionHandler(MotoRequestHandler):
    """Serves a client until it goes; each answer is sent at once, with its length."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def run_wsgi(self) -> None:
        """Answer one request."""
        self.environ = environ = self.make_environ()
        self._read_to_its_end(environ)
        try:
            status, headers, body = _answer(self.server.app, environ)
        except Exception as error:
            if self.server.passthrough_errors:
                raise
            self.server.log("error", f"error on request: {error!r}")
            status, headers, body = _answer(InternalServerError(), environ)
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, text in headers:
            self.send_header(name, text)
        if not any(name.lower() == "content-length" for name, _ in headers) and (
            code not in _NO_BODY
        ):
            self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD" and code not in _NO_BODY:
            self.wfile.write(body)
        self.wfile.flush()

    def handle_expect_100(self) -> bool:
        """Ask for the body now: whoever waits for that sends it after a second otherwise."""
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: only errors are logged."""

    def _read_to_its_end(self, environ: dict[str, Any]) -> None:
        """Read the whole body, since the next request begins behind it: who refuses reads none."""
        sent = environ["wsgi.input"]
        chunked = "Transfer-Encoding" in self.headers
        body = sent.read() if chunked else sent.read(int(environ.get("CONTENT_LENGTH") or 0))
        environ.update({"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))})


def _answer(application: Any, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
    said: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
        said[:] = [(status, headers)]

    answer: Iterable[bytes] = application(environ, start)
    try:
        body = b"".join(answer)
    finally:
        if close := getattr(answer, "close", None):
            close()
    ((status, headers),) = said
    return status, headers, body
