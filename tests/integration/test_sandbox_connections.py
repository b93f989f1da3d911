"""Clients of the sandbox keep their connections: a thread and a socket for each call are costly."""

import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
from werkzeug.serving import make_server

from sandbox.api.connections import ConnectionHandler


def _application(environ: dict[str, Any], start: Any) -> list[bytes]:
    if environ["PATH_INFO"] == "/fails":
        raise ValueError("nobody expected that")
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(length) or b"nothing"
    start("204 No Content" if environ["PATH_INFO"] == "/gone" else "200 OK", [("X-Named", "yes")])
    return [environ["REQUEST_METHOD"].encode(), b" ", body]


@pytest.fixture
def connection() -> Iterator[HTTPConnection]:
    """A connection to a server, which cannot be opened twice."""
    server = make_server(
        "127.0.0.1", 0, _application, threaded=True, request_handler=ConnectionHandler
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    client = HTTPConnection("127.0.0.1", server.server_port, timeout=20)
    client.connect()
    client.auto_open = 0
    yield client
    client.close()
    server.shutdown()
    server.server_close()


def _asked(client: HTTPConnection, method: str, path: str, **given: Any) -> tuple[int, bytes]:
    client.request(method, path, **given)
    answer = client.getresponse()
    return answer.status, answer.read()


def test_one_connection_takes_one_request_after_another(connection: HTTPConnection) -> None:
    assert _asked(connection, "PUT", "/", body=b"1") == (200, b"PUT 1")
    assert _asked(connection, "HEAD", "/") == (200, b"")
    assert _asked(connection, "DELETE", "/gone") == (204, b"")
    assert _asked(connection, "GET", "/fails")[0] == 500
    assert _asked(connection, "GET", "/") == (200, b"GET nothing")


def test_whoever_waits_to_send_the_body_is_asked_for_it(connection: HTTPConnection) -> None:
    connection.putrequest("PUT", "/")
    connection.putheader("Content-Length", "1")
    connection.putheader("Expect", "100-continue")
    connection.endheaders()
    assert connection.sock.recv(100).startswith(b"HTTP/1.1 100 Continue\r\n")
    connection.send(b"1")
    assert connection.getresponse().read() == b"PUT 1"


def test_what_is_sent_in_chunks_is_read_to_its_end(connection: HTTPConnection) -> None:
    chunks = iter([b"1", b"2"])
    assert _asked(connection, "PUT", "/", body=chunks, encode_chunked=True) == (200, b"PUT 12")
    assert _asked(connection, "GET", "/") == (200, b"GET nothing")


def test_what_nobody_reads_is_no_next_request(connection: HTTPConnection) -> None:
    assert _asked(connection, "PUT", "/fails", body=b"GET / HTTP/1.1")[0] == 500
    assert _asked(connection, "GET", "/") == (200, b"GET nothing")
