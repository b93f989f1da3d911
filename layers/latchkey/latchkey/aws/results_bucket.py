"""The results bucket: what became of each upload."""

import json
from typing import TYPE_CHECKING, Any

from latchkey.aws.translate import translated

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class ResultsBucket:
    """Writes result files."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._s3 = client
        self._bucket = bucket

    def put(self, key: str, result: dict[str, Any]) -> None:
        """Write a result file as indented JSON, replacing the one before."""
        text = json.dumps(result, indent=2, ensure_ascii=False) + "\n"
        with translated(f"write s3://{self._bucket}/{key}"):
            self._s3.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=text.encode(),
                ContentType="application/json; charset=utf-8",
            )
