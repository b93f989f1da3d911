"""The results bucket: the outcome of each upload, and the hand-off sheets for partners."""

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from latchkey.aws.error_codes import error_code, translated
from latchkey.grant_id import GrantId
from latchkey.text import json_text

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_MISSING = {"404", "NoSuchKey"}
_GRANT = "grant"
"""The metadata of a hand-off sheet that says whose it is."""


class ResultsBucket:
    """Writes result files and what is made of them."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._s3 = client
        self.name = bucket

    def put(self, key: str, result: dict[str, Any]) -> str | None:
        """Write a result file as indented JSON, replacing the one before; answers its version."""
        text = json_text(result, indent=2) + "\n"
        return self.put_text(key, text, "application/json")

    def put_text(
        self, key: str, text: str, media_type: str, grant: GrantId | None = None
    ) -> str | None:
        """Write a text, replacing the one before; `grant` is noted with it.

        Answers the version that S3 gave it, None where the bucket has none.
        """
        with translated(f"write s3://{self.name}/{key}"):
            put = self._s3.put_object(
                Bucket=self.name,
                Key=key,
                Body=text.encode(),
                ContentType=f"{media_type}; charset=utf-8",
                Metadata={_GRANT: str(grant)} if grant else {},
            )
        return put.get("VersionId")

    def get(self, key: str) -> dict[str, Any] | None:
        """A result file's content, or None where there is none."""
        with translated(f"read s3://{self.name}/{key}"):
            try:
                body = self._s3.get_object(Bucket=self.name, Key=key)["Body"].read()
            except ClientError as error:
                if error_code(error) in _MISSING:
                    return None
                raise
        found: dict[str, Any] = json.loads(body)
        return found

    def is_of(self, key: str, grant: GrantId) -> bool:
        """Whether there is a text of that grant."""
        with translated(f"look at s3://{self.name}/{key}"):
            try:
                found = self._s3.head_object(Bucket=self.name, Key=key)
            except ClientError as error:
                if error_code(error) in _MISSING:
                    return False
                raise
        return found["Metadata"].get(_GRANT) == str(grant)
