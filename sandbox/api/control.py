"""The sandbox's own API: `/_sandbox/clock`, `/_sandbox/calls` and `/_sandbox/functions`."""

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from werkzeug.wrappers import Request, Response

from sandbox.api.auth_proxy import Application, Start
from sandbox.api.journal import Journal
from sandbox.compute.functions import Function
from sandbox.time.clock import Clock, rfc3339
from sandbox.time.schedules import Schedules

Answer = tuple[HTTPStatus, Any]
_FARTHEST = 100 * 366 * 24 * 3600  # seconds: a century


class Control:
    """A WSGI application that serves these paths and passes all others on."""

    def __init__(
        self,
        others: Application,
        clock: Clock,
        schedules: Schedules,
        journal: Journal,
        functions: Mapping[str, Function],
    ) -> None:
        self._others, self._clock = others, clock
        self._schedules, self._journal, self._functions = schedules, journal, functions

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        if not request.path.startswith("/_sandbox/"):
            return self._others(environ, start)
        status, document = self._answer(request.method, request.path, request.get_data())
        answer = Response(json.dumps(document), status, mimetype="application/json")
        return answer(environ, start)

    def _answer(self, method: str, path: str, body: bytes) -> Answer:
        match method, path:
            case "GET", "/_sandbox/clock":
                return HTTPStatus.OK, {"now": rfc3339(self._clock.now())}
            case "POST", "/_sandbox/clock":
                return self._advance(body)
            case "GET", "/_sandbox/calls":
                return HTTPStatus.OK, {"calls": self._journal.document()}
            case "DELETE", "/_sandbox/calls":
                self._journal.clear()
                return HTTPStatus.OK, {}
            case "GET", "/_sandbox/functions":
                found = [function.document() for function in self._functions.values()]
                return HTTPStatus.OK, {"functions": found}
            case _, "/_sandbox/clock" | "/_sandbox/calls" | "/_sandbox/functions":
                message = f"{path} knows no {method}"
                return HTTPStatus.METHOD_NOT_ALLOWED, {"message": message}
        message = "there is only /_sandbox/clock, /_sandbox/calls and /_sandbox/functions"
        return HTTPStatus.NOT_FOUND, {"message": message}

    def _advance(self, body: bytes) -> Answer:
        try:
            seconds = _seconds(body)
        except ValueError as error:
            return HTTPStatus.BAD_REQUEST, {"message": str(error)}
        return HTTPStatus.OK, {"now": rfc3339(self._schedules.advance(seconds))}


def _seconds(body: bytes) -> float:
    wanted = 'send {"advance_seconds": N}, N a number of seconds from 0'
    try:
        document = json.loads(body)
    except ValueError:
        raise ValueError(f"the body is not JSON; {wanted}") from None
    seconds = document.get("advance_seconds") if isinstance(document, dict) else None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise ValueError(f"advance_seconds is missing or not a number; {wanted}")
    if not 0 <= seconds <= _FARTHEST:
        raise ValueError(f"advance_seconds is {seconds}; the clock moves forward only; {wanted}")
    return float(seconds)
