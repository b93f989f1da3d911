"""Errors as one line on the terminal."""

import sys

from latchkey.errors import LatchkeyError


def error_message(error: Exception) -> str:
    """One line about an error; for an unexpected error, with its class.

    botocore is imported only if it was imported before; otherwise the error is not one of its own.
    """
    if isinstance(error, LatchkeyError):
        return f"{_words(type(error).__name__)}: {_line(str(error))}"
    if "botocore" in sys.modules and (message := _aws_message(error)):
        return message
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return f"unexpected {type(error).__name__}: {_line(str(error))} (--debug shows where)"


def _aws_message(error: Exception) -> str | None:
    from botocore import exceptions as aws

    match error:
        case aws.NoCredentialsError() | aws.PartialCredentialsError():
            return "no AWS credentials; set AWS_PROFILE or --profile, or log in (aws sso login)"
        case aws.NoRegionError():
            return "no AWS region; set AWS_REGION or --region"
        case aws.EndpointConnectionError() | aws.ConnectTimeoutError():
            return f"no answer from AWS: {_line(str(error))}"
        case aws.ClientError():
            found = error.response.get("Error", {})
            reason = f"{found.get('Code', '')}: {_line(found.get('Message', ''))}"
            return f"AWS refused {error.operation_name}: {reason}"
        case aws.BotoCoreError():
            return _line(str(error))
        case _:
            return None


def _line(text: str) -> str:
    return " ".join(text.split())


def _words(name: str) -> str:
    """`RoleNotOwned` as `role not owned`."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
