"""Error responses for refused calls, in the format of each service's protocol."""

import json
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

from sandbox.iam.request import Refusal, Request


def refusal_response(
    request: Request, refusal: Refusal, environ: dict[str, Any], start: Callable[..., Any]
) -> list[bytes]:
    """Answer a WSGI request with a refusal."""
    status, kind, text = _written(request, refusal)
    body = b"" if environ["REQUEST_METHOD"] == "HEAD" else text.encode()
    headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
    if request.protocol == "rest-json":
        headers.append(("x-amzn-ErrorType", f"{refusal.code}Exception"))
    start(f"{status} {refusal.code}", headers)
    return [body]


def _written(request: Request, refusal: Refusal) -> tuple[int, str, str]:
    code, message = escape(refusal.code), escape(refusal.message)
    if request.protocol == "rest-xml":
        text = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
        return refusal.status, "application/xml", text
    if request.protocol in ("ec2", "query"):
        text = (
            f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>"
            f"<Message>{message}</Message></Error><RequestId>sandbox</RequestId></ErrorResponse>"
        )
        return refusal.status, "text/xml", text
    answer = json.dumps({"__type": f"{refusal.code}Exception", "message": refusal.message})
    status = 400 if request.protocol == "json" else refusal.status
    return status, "application/x-amz-json-1.1", answer
