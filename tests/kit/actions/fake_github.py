"""A fake of GitHub's API: comments of a pull request, and identity tokens."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

BOT = "github-actions[bot]"


class FakeGitHub:
    """What the API knows; `refuses` is a status that every writing call gets."""

    def __init__(self) -> None:
        self.comments: list[dict[str, Any]] = []
        self.head = ""
        self.refuses: int | None = None
        self.calls: list[tuple[str, str]] = []
        self.url = ""

    def said(self, login: str, body: str) -> None:
        """Somebody comments."""
        number = len(self.comments) + 1
        self.comments.append({"id": number, "user": {"login": login}, "body": body})

    def answer(self, method: str, url: str, body: Any, token: str) -> tuple[int, Any]:
        """The status and the document of a call."""
        path, query = urlsplit(url).path, parse_qs(urlsplit(url).query)
        self.calls.append((method, path))
        if path == "/token":
            return 200, {"value": f"token for {query['audience'][0]} by {token}"}
        if token != "run-token" or (method != "GET" and self.refuses):
            return self.refuses or 401, {}
        return self._answer(method, path, query, body)

    def _answer(
        self, method: str, path: str, query: dict[str, list[str]], body: Any
    ) -> tuple[int, Any]:
        match method, path:
            case "GET", "/user":
                return 403, {}
            case "GET", "/repos/northwind/partners/pulls/7":
                return 200, {"head": {"sha": self.head}}
            case "GET", "/repos/northwind/partners/issues/7/comments":
                page, size = int(query["page"][0]), int(query["per_page"][0])
                return 200, self.comments[(page - 1) * size : page * size]
            case "POST", "/repos/northwind/partners/issues/7/comments":
                self.said(BOT, body["body"])
                return 201, self.comments[-1]
        if method == "PATCH" and (found := re.search(r"/issues/comments/(\d+)$", path)):
            self.comments[int(found[1]) - 1]["body"] = body["body"]
            return 200, {}
        return 404, {}


@contextmanager
def fake_github() -> Iterator[FakeGitHub]:
    """The API on a port of this machine."""
    known = FakeGitHub()

    class Handler(BaseHTTPRequestHandler):
        def _all(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size) or b"null")
            token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            status, document = known.answer(self.command, self.path, body, token)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(document).encode())

        do_GET = do_POST = do_PATCH = _all  # noqa: N815 (names of the standard library)

        def log_message(self, *_: Any) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
