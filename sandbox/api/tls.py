"""HTTPS beside HTTP, under a certificate made at the start: `SANDBOX_TLS=<folder>`."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from werkzeug.serving import make_server, make_ssl_devcert

from sandbox.api.connections import ConnectionHandler


def serve(host: str, application: Callable[..., Any], folder: Path) -> tuple[str, Any]:
    """Serve an application on a free port, for clients that trust `folder/sandbox.crt`.

    Answers the address and the server, whose socket is to be closed at the end.
    """
    context = make_ssl_devcert(str(folder / "sandbox"), cn="localhost")
    server = make_server(
        host,
        0,
        application,
        threaded=True,
        request_handler=ConnectionHandler,
        ssl_context=context,
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"https://localhost:{server.server_port}", server
