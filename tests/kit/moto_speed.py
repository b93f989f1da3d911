"""What moto does for each request that botocore makes in its own process, as in tests only.

`sandbox/moto_fixes` has what a sandbox profits from too.
"""

import sys
from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlsplit

from botocore.httpchecksum import AwsChunkedWrapper
from moto import backend_index
from moto.core import request as requests
from moto.core.request import Request

from sandbox.moto_fixes.replacing import replace_member

CALLED = (
    "cloudformation",
    "dynamodb",
    "events",
    "iam",
    "kms",
    "s3",
    "scheduler",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
    "stepfunctions",
    "sts",
)
"""The services that nearly all calls are of, by moto's names."""


def look_at_what_is_called_first() -> None:
    """Moto tries nearly two hundred addresses in turn; others match none of these requests."""
    found = sorted(backend_index.backend_url_patterns, key=lambda one: one[0] not in CALLED)
    replace_member(backend_index, "backend_url_patterns", found)


def make_requests_directly() -> None:
    """A request is what werkzeug's builder makes of it, which is made for forms and files too."""
    replace_member(Request, "from_primitives", classmethod(_request))


def _request(kind: type[Request], method: str, url: str, headers: Any, body: Any = None) -> Request:
    if isinstance(body, AwsChunkedWrapper):
        body = body.read()
    content = body.encode() if isinstance(body, str) else body or b""
    parts = urlsplit(url)
    host, _, port = parts.netloc.partition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(parts.path).encode().decode("latin-1"),
        "QUERY_STRING": parts.query,
        "REQUEST_URI": parts.path,
        "RAW_URI": parts.path,
        "SERVER_NAME": host,
        "SERVER_PORT": port or ("443" if parts.scheme == "https" else "80"),
        "HTTP_HOST": parts.netloc,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": BytesIO(content),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "CONTENT_LENGTH": str(len(content)),
    }
    names = {}
    for name, value in headers.items():
        text = value.decode() if isinstance(value, bytes) else str(value)
        key = requests.environ_key_for_header(name)
        if key in {"HTTP_TRANSFER_ENCODING", "CONTENT_LENGTH"}:
            continue
        environ[key] = f"{environ[key]}, {text}" if key in environ and key != "HTTP_HOST" else text
        if requests.should_preserve_original_header_name(name):
            names[key] = name
    environ[requests.PRESERVED_HEADER_NAMES_ENVIRON_KEY] = names
    return kind(environ)


FIXES = (look_at_what_is_called_first, make_requests_directly)
