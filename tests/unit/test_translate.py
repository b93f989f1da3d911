"""What AWS answers becomes one of our errors, sorted by whether a retry can help."""

from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)

from latchkey import errors
from latchkey.aws.error_codes import translated
from latchkey.errors import PermanentError, TransientError


def _client_error(code: str, message: str = "why", status: int = 400) -> ClientError:
    answer: Any = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(answer, "Operation")


CODES: list[tuple[str, int, type[Exception]]] = [
    ("AccessDenied", 403, errors.PermissionDenied),
    ("AccessDeniedException", 400, errors.PermissionDenied),
    ("Throttling", 400, errors.Throttled),
    ("SlowDown", 503, errors.Throttled),
    ("TransactionConflictException", 400, errors.Throttled),
    ("ConflictException", 409, errors.PlanStale),
    ("ConcurrentModification", 409, errors.PlanStale),
    ("EntityAlreadyExists", 409, errors.PlanStale),
    ("NoSuchEntity", 404, errors.PlanStale),
    ("DeleteConflict", 409, errors.PlanStale),
    ("UnmodifiableEntity", 400, errors.PermissionDenied),
    ("MalformedPolicyDocument", 400, errors.InvalidDocument),
    ("LimitExceeded", 409, errors.QuotaExceeded),
    ("InternalFailure", 500, errors.ServiceUnavailable),
    ("AnythingNew", 500, errors.ServiceUnavailable),
    ("AnythingNew", 503, errors.ServiceUnavailable),
    ("AnythingNew", 400, errors.UnexpectedAwsError),
]


@pytest.mark.parametrize(("code", "status", "kind"), CODES)
def test_codes(code: str, status: int, kind: type[Exception]) -> None:
    with pytest.raises(kind) as raised, translated("try it"):
        raise _client_error(code, status=status)
    assert type(raised.value) is kind
    assert str(raised.value).startswith(f"try it: {code}: why")
    assert ("docs/runbook.md#quotas" in str(raised.value)) == (kind is errors.QuotaExceeded)
    assert isinstance(raised.value.__cause__, ClientError)


def test_unknown_principal_is_worth_a_retry_and_says_what_to_check() -> None:
    invalid = 'Invalid principal in policy: "AWS":"arn:aws:iam::444455556666:role/x"'
    with pytest.raises(errors.PrincipalNotFound, match="role/x") as raised, translated("create"):
        raise _client_error("MalformedPolicyDocument", invalid)
    assert "Check that the partner's" in str(raised.value)


CONNECTIONS: list[Exception] = [
    EndpointConnectionError(endpoint_url="https://example"),
    ConnectTimeoutError(endpoint_url="https://example"),
    ReadTimeoutError(endpoint_url="https://example"),
]


@pytest.mark.parametrize("error", CONNECTIONS, ids=lambda e: type(e).__name__)
def test_no_answer_is_worth_a_retry(error: Exception) -> None:
    with pytest.raises(errors.ServiceUnavailable), translated("try it"):
        raise error


def test_other_faults_of_the_client_are_not() -> None:
    with pytest.raises(errors.UnexpectedAwsError), translated("try it"):
        raise NoCredentialsError


def test_our_own_errors_pass_unchanged() -> None:
    with pytest.raises(errors.GrantBusy, match=r"^mine$"), translated("try it"):
        raise errors.GrantBusy("mine")


def test_every_error_is_either_transient_or_permanent() -> None:
    kinds = [k for k in vars(errors).values() if isinstance(k, type)]
    roots = {errors.LatchkeyError, TransientError, PermanentError}
    for kind in kinds:
        assert issubclass(kind, errors.LatchkeyError)
        if kind not in roots:
            assert issubclass(kind, TransientError) != issubclass(kind, PermanentError)
        assert kind.__doc__
