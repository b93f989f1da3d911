"""The one place where botocore's errors become Latchkey's."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, IncompleteReadError
from botocore.exceptions import ConnectionError as NoConnection

from latchkey.errors import (
    GuardrailsUnreadable,
    InvalidDocument,
    LatchkeyError,
    PermissionDenied,
    PlanStale,
    PrincipalNotFound,
    QuotaExceeded,
    ServiceUnavailable,
    Throttled,
    UnexpectedAwsError,
)

_BY_CODE: dict[str, type[LatchkeyError]] = {
    "AccessDenied": PermissionDenied,
    "AuthorizationError": PermissionDenied,
    "AuthorizationErrorException": PermissionDenied,
    "ParameterNotFound": GuardrailsUnreadable,
    "AccessDeniedException": PermissionDenied,
    "UnauthorizedOperation": PermissionDenied,
    "Throttling": Throttled,
    "ThrottlingException": Throttled,
    "ThrottledException": Throttled,
    "TooManyRequestsException": Throttled,
    "RequestLimitExceeded": Throttled,
    "ProvisionedThroughputExceededException": Throttled,
    "TransactionConflictException": Throttled,
    "TransactionInProgressException": Throttled,
    "SlowDown": Throttled,
    "ServiceUnavailable": ServiceUnavailable,
    "ServiceFailure": ServiceUnavailable,
    "InternalError": ServiceUnavailable,
    "InternalFailure": ServiceUnavailable,
    "InternalServerError": ServiceUnavailable,
    "ConflictException": PlanStale,
    "ConcurrentModification": PlanStale,
    "ConcurrentModificationException": PlanStale,
    "EntityAlreadyExists": PlanStale,
    "NoSuchEntity": PlanStale,
    "DeleteConflict": PlanStale,
    "UnmodifiableEntity": PermissionDenied,
    "MalformedPolicyDocument": InvalidDocument,
    "MalformedPolicyDocumentException": InvalidDocument,
    "InvalidInput": InvalidDocument,
    "ValidationError": InvalidDocument,
    "ValidationException": InvalidDocument,
    "LimitExceeded": QuotaExceeded,
    "LimitExceededException": QuotaExceeded,
    "ServiceQuotaExceededException": QuotaExceeded,
}


_KMS = "KMS."
"""What S3 puts before the error codes of KMS, whose key it asked for on our behalf."""

_QUOTED = re.compile(r"(Value '|value: ).*?(' at '|, type: )", re.DOTALL)
"""How AWS and botocore quote what they were sent when it is invalid: maybe a whole policy."""

_ADVICE: dict[type[LatchkeyError], str] = {
    QuotaExceeded: ". What was granted before stays as it is. Raise the quota (docs/runbook.md"
    "#quotas says where), or remove what is no longer needed; then upload the file again",
}


@contextmanager
def translated(action: str) -> Iterator[None]:
    """Raise Latchkey's error for what botocore raises inside; `action` says what was tried."""
    try:
        yield
    except ClientError as error:
        raise _error(action, error) from error
    except (NoConnection, HTTPClientError, IncompleteReadError) as error:
        raise ServiceUnavailable(f"{action}: no answer from AWS ({error})") from error
    except BotoCoreError as error:
        raise UnexpectedAwsError(f"{action}: {_unquoted(str(error))}") from error


def error_code(error: ClientError) -> str:
    """The error code that AWS answered with, such as `NoSuchEntity`."""
    return str(error.response.get("Error", {}).get("Code", ""))


def _error(action: str, error: ClientError) -> LatchkeyError:
    code = error_code(error)
    message = _unquoted(error.response.get("Error", {}).get("Message", ""))
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code == "MalformedPolicyDocument" and "Invalid principal" in message:
        return PrincipalNotFound(
            f"{action}: IAM does not know a principal of this grant. {message}. Check that the "
            "partner's account, role or user exists"
        )
    kind = _BY_CODE.get(code.removeprefix(_KMS))
    if kind is None:
        kind = ServiceUnavailable if status >= 500 else UnexpectedAwsError
    return kind(f"{action}: {code}: {message}{_ADVICE.get(kind, '')}")


def _unquoted(message: str) -> str:
    return _QUOTED.sub(r"\1…\2", message)
