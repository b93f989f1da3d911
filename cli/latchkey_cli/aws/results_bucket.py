"""Files in the results bucket, which are named after the key of the config."""

import json
from typing import Any

from botocore.exceptions import ClientError

from latchkey.aws.error_codes import error_code, translated
from latchkey.grant_id import GrantId
from latchkey.keys import RESULT, result_key
from latchkey_cli.aws.stack import Stack

_ABSENT = {"NoSuchKey", "NoSuchVersion", "404"}


def read_object(stack: Stack, bucket: str, key: str, version: str | None = None) -> bytes | None:
    """An object, or a version of it, or None."""
    which: Any = {"VersionId": version} if version else {}
    with translated(f"read s3://{bucket}/{key}"):
        try:
            found = stack.client("s3").get_object(Bucket=bucket, Key=key, **which)
            return bytes(found["Body"].read())
        except ClientError as error:
            if error_code(error) in _ABSENT:
                return None
            raise


def whole_result(stack: Stack, output: dict[str, Any]) -> dict[str, Any]:
    """The result that an execution's output refers to; what it says itself, where that is all."""
    bucket, key = output.get("result_bucket"), output.get("result_key")
    if not (bucket and key):
        return output
    found = read_object(stack, bucket, key, output.get("result_version"))
    result: dict[str, Any] = json.loads(found) if found else output
    return result if result.get("recorded_at") == output["recorded_at"] else output


def grant_file(stack: Stack, grant: GrantId, ending: str) -> bytes | None:
    """A file of a grant, under the key of its config or of its workflow input."""
    record = stack.grants.get(grant)
    return _result_object(stack, result_key(record.config_key if record else None, grant, ending))


def result_of_grant(stack: Stack, grant: GrantId) -> dict[str, Any] | None:
    """The result of a grant's file or workflow input, or None."""
    found = grant_file(stack, grant, RESULT)
    return dict(json.loads(found)) if found else None


def result_of_file(stack: Stack, key: str) -> dict[str, Any] | None:
    """The result of a config file, or None."""
    found = _result_object(stack, result_key(key, None, RESULT))
    return dict(json.loads(found)) if found else None


def _result_object(stack: Stack, key: str | None) -> bytes | None:
    return read_object(stack, stack.output("ResultsBucketName"), key) if key else None
