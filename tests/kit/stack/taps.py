"""Taps on the calls that the functions make of AWS: to count them, and to spoil some."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from types import SimpleNamespace
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError

from latchkey.runtime import clients
from tests.kit.examples import ACCOUNT
from tests.kit.stack.aws import aws

SERVICES = (
    "iam",
    "s3",
    "dynamodb",
    "scheduler",
    "stepfunctions",
    "secretsmanager",
    "ssm",
    "events",
    "sns",
    "sts",
)

_PARAMETERS, _CALL = "tap_parameters", "tap_call"


class Killed(BaseException):
    """The function's process was killed: nothing of it runs any more, no `except Exception`."""


@dataclass(frozen=True)
class Call:
    """One call of AWS: the `number`th since the taps were opened."""

    number: int
    service: str
    operation: str
    parameters: dict[str, Any]
    account: str = ACCOUNT

    def __str__(self) -> str:
        return f"{self.service}:{self.operation}"

    def tried(self) -> None:
        """Make the same call beside the tap: an SDK that retries after a lost answer."""
        with suppress(ClientError):
            getattr(aws(self.service, self.account), xform_name(self.operation))(**self.parameters)


Before = Callable[[Call], Any]
"""Called before a call goes out: may raise, or answer in place of AWS (see `refusal`)."""

After = Callable[[Call], None]
"""Called when AWS has done what was asked, before the function knows."""


class Taps:
    """Sees every call of the functions; `before` and `after` may spoil it."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.before: Before
        self.after: After
        self.disarm()
        for service in SERVICES:
            self.tap(ACCOUNT, service, clients.client(service))

    def tap(self, account: str, service: str, client: Any) -> None:
        """See the calls of a client, which is one of that account."""
        if service not in SERVICES:
            return
        for event, tap in (
            ("before-parameter-build", self._asked),
            ("before-call", partial(self._goes_out, account)),
            ("after-call", self._came_back),
        ):
            client.meta.events.unregister(event, unique_id=f"tap-{event}")
            client.meta.events.register(event, tap, unique_id=f"tap-{event}")

    def disarm(self) -> None:
        """Spoil nothing from here on."""
        self.before, self.after = lambda _: None, lambda _: None

    def _asked(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context[_PARAMETERS] = {
            name: value.getvalue() if isinstance(value, BytesIO) else value
            for name, value in params.items()
        }

    def _goes_out(self, account: str, model: Any, context: dict[str, Any], **_: Any) -> Any:
        service = model.service_model.service_name
        call = Call(len(self.calls), service, model.name, context[_PARAMETERS], account)
        context[_CALL] = call
        self.calls.append(call)
        return self.before(call)

    def _came_back(self, http_response: Any, context: dict[str, Any], **_: Any) -> None:
        if not isinstance(http_response, SimpleNamespace):  # else it never reached AWS
            self.after(context[_CALL])


def refusal(code: str, message: str = "injected", status: int = 400) -> Any:
    """An error as AWS answers it, to be given in place of the answer."""
    parsed = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return SimpleNamespace(status_code=status), parsed
