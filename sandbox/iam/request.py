"""What IAM knows of a call: the request context."""

from dataclasses import dataclass
from typing import Any

from sandbox.account import REGION


@dataclass(frozen=True)
class Request:
    """An API call and its caller.

    `service` is named as in IAM actions and signatures, `parameters` as in the API reference.
    `secure` is False for a request without TLS, where the sandbox offers TLS.
    `protocol` (`json`, `query`, `rest-json` or `rest-xml`) decides how errors are written.
    """

    access_key: str
    service: str
    operation: str
    parameters: dict[str, Any]
    protocol: str
    source_ip: str
    secure: bool = True
    region: str = REGION


class Refusal(Exception):
    """AWS would refuse the call; `code` is the error code."""

    def __init__(self, code: str, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.code, self.message = code, message
        self.status = status or (400 if code.startswith("Validation") else 403)
