"""Error responses for refused calls, in the format of each service's protocol."""

import json
from xml.sax.saxutils import escape

from werkzeug.wrappers import Response

from sandbox.iam.request import Refusal, Request


def refusal_response(request: Request, refusal: Refusal) -> Response:
    """The response to a call that is refused, as a WSGI application."""
    status, kind, text = _written(request, refusal)
    answer = Response(text, f"{status} {refusal.code}", content_type=kind)
    if request.protocol == "rest-json":
        answer.headers["x-amzn-ErrorType"] = f"{refusal.code}Exception"
    return answer


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
