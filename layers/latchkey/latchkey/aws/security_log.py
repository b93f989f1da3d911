"""S3: one object for each fact, in a bucket that keeps them (Object Lock)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from latchkey.aws.error_codes import error_code, translated
from latchkey.text import json_text

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_THERE = ("PreconditionFailed", "412")


class SecurityLog:
    """Writes to one bucket, and never over anything."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._s3 = client
        self._bucket = bucket

    def put(self, key: str, fact: Mapping[str, Any]) -> None:
        """Write a fact as a line of JSON, unless it is there already: a step may be tried again.

        A bucket with Object Lock asks for a checksum (Amazon S3 user guide, "Using Object Lock");
        `If-None-Match` is its "Prevent object overwrites with conditional writes".
        """
        with translated(f"write s3://{self._bucket}/{key}"):
            try:
                self._s3.put_object(
                    Bucket=self._bucket,
                    Key=key,
                    Body=f"{json_text(fact)}\n".encode(),
                    ContentType="application/x-ndjson",
                    ChecksumAlgorithm="SHA256",
                    IfNoneMatch="*",
                )
            except ClientError as error:
                if error_code(error) not in _THERE:
                    raise
