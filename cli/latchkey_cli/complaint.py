"""What went wrong, in one line for the person at the terminal."""

import sys

from latchkey.errors import LatchkeyError


def complaint(error: Exception) -> str:
    """One line about an error; of an error that nobody foresaw, its class too.

    botocore is looked at only where it was imported: what has not used AWS has no error of its.
    """
    if isinstance(error, LatchkeyError):
        return f"{_spoken(type(error).__name__)}: {_line(str(error))}"
    if "botocore" in sys.modules and (told := _of_aws(error)):
        return told
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return f"unexpected {type(error).__name__}: {_line(str(error))} (--debug shows where)"


def _of_aws(error: Exception) -> str | None:
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
            said = f"{found.get('Code', '')}: {_line(found.get('Message', ''))}"
            return f"AWS refused {error.operation_name}: {said}"
        case aws.BotoCoreError():
            return _line(str(error))
        case _:
            return None


def _line(text: str) -> str:
    return " ".join(text.split())


def _spoken(name: str) -> str:
    """`RoleNotOwned` as `role not owned`."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
