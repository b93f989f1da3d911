"""The auth proxy in front of moto: it authorises each call, and writes it to the journal."""

import io
import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any

from sandbox.api import operations
from sandbox.api.errors import refusal_response
from sandbox.api.journal import Call, Journal
from sandbox.compute.runtime import OWN_KEY
from sandbox.iam import roles
from sandbox.iam.callers import Callers
from sandbox.iam.permission import RequiredPermission
from sandbox.iam.request import Refusal, Request
from sandbox.iam.required_permissions import required_permissions
from sandbox.moto_fixes.s3 import caller
from sandbox.refusals import check as refusals

Start = Callable[..., Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]

# moto's backends take no locks, so the short operations of these services run one at a time.
_ONE_AT_A_TIME = ("dynamodb", "iam", "s3", "scheduler", "secretsmanager", "sqs", "sts")
_STARTS = "StartExecution"  # of Step Functions; its other operations may take long


class AuthProxy:
    """A WSGI application around moto's; with `tls`, plain HTTP from outside counts as insecure.

    `trail` hears of each call and its status.
    """

    def __init__(
        self,
        moto: Application,
        journal: Journal,
        callers: Callers,
        trail: Callable[[Request, int], None] = lambda *_: None,
        *,
        tls: bool = False,
    ) -> None:
        self._moto, self._journal, self._callers, self._tls = moto, journal, callers, tls
        self._trail = trail
        self._locks = {service: threading.RLock() for service in (*_ONE_AT_A_TIME, _STARTS)}

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer one request."""
        _use_path_style(environ)
        body = _take_body(environ)
        request = self._with_transport(operations.read(environ, body), environ)
        _act_in_own_account(environ, request)
        with self._lock(request):
            permissions = required_permissions(request)
            answer, status = self._answer(request, permissions, environ, start)
        if request.access_key != OWN_KEY:
            caller = self._callers.name(request.access_key)
            service, action = request.service, request.operation
            self._journal.add(Call(caller, service, action, permissions, status))
            self._trail(request, status)
        return answer

    def _with_transport(self, request: Request, environ: dict[str, Any]) -> Request:
        """With whether it is secure; what runs inside calls by HTTP, and counts as secure."""
        key = request.access_key
        inside = key == OWN_KEY or self._callers.name(key) != "outside"
        secure = not self._tls or inside or environ.get("wsgi.url_scheme") == "https"
        return replace(request, secure=secure)

    def _lock(self, request: Request) -> AbstractContextManager[Any]:
        if request.parameters.get("WaitTimeSeconds"):  # a long poll
            return nullcontext()
        name = request.operation if request.operation == _STARTS else request.service
        return self._locks.get(name) or nullcontext()

    def _answer(
        self,
        request: Request,
        permissions: list[RequiredPermission],
        environ: dict[str, Any],
        start: Start,
    ) -> tuple[Iterable[bytes], int]:
        try:
            self._callers.check(request, permissions)
            refusals.check(request, permissions)
        except Refusal as refusal:
            return refusal_response(request, refusal)(environ, start), refusal.status
        named = caller.set(roles.user_id(request.access_key))
        try:
            return self._pass_on(environ, start)
        finally:
            caller.reset(named)

    def _pass_on(self, environ: dict[str, Any], start: Start) -> tuple[Iterable[bytes], int]:
        statuses: list[int] = []

        def starting(status: str, *rest: Any) -> Any:
            statuses.append(int(status.split(" ", 1)[0]))
            return start(status, *rest)

        answer = self._moto(environ, starting)
        return answer, statuses[-1] if statuses else 0


def _take_body(environ: dict[str, Any]) -> bytes:
    length = environ.get("CONTENT_LENGTH")
    if not length:
        return b""
    body: bytes = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _use_path_style(environ: dict[str, Any]) -> None:
    """Rewrite virtual-hosted addresses, `bucket.localhost/key`, as `localhost/bucket/key`."""
    host = str(environ.get("HTTP_HOST", ""))
    for base in ("localhost", "host.docker.internal"):
        bucket, found, port = host.partition(f".{base}")
        if found:
            environ["HTTP_HOST"] = base + port
            for name in ("PATH_INFO", "RAW_URI", "REQUEST_URI"):
                if name in environ:
                    environ[name] = f"/{bucket}{environ[name]}"


def _act_in_own_account(environ: dict[str, Any], request: Request) -> None:
    """An access key that is an account ID acts in that account, as its root."""
    if len(request.access_key) == 12 and request.access_key.isdigit():
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = request.access_key
