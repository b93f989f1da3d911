"""The config bucket: the newest version of a partner's file."""

from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from latchkey.aws.error_codes import error_code, translated
from latchkey.config.strict_json import MAX_BYTES
from latchkey.frozen import Frozen

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ABSENT = {"NoSuchKey", "404", "NotFound", "NoSuchVersion"}


class ConfigFile(Frozen):
    """A config file as it was read: `version` is S3's version ID, `modified` when it was uploaded.

    `body` holds at most one byte more than the largest valid config, so that a huge upload
    cannot fill the memory.
    """

    bucket: str
    key: str
    version: str
    body: bytes
    modified: datetime


class ConfigBucket:
    """Reads partner configs."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._s3 = client
        self.name = bucket

    def newest(self, key: str) -> ConfigFile | None:
        """The newest version of the file, or None when there is none or it was removed."""
        with translated(f"read s3://{self.name}/{key}"):
            try:
                found = self._s3.get_object(Bucket=self.name, Key=key)
            except ClientError as error:
                if error_code(error) in _ABSENT:
                    return None
                raise
            body = found["Body"].read(MAX_BYTES + 1)
            found["Body"].close()
            version, modified = found.get("VersionId", "null"), found["LastModified"]
            return ConfigFile(self.name, key, version, body, modified)

    def exists(self, key: str) -> bool:
        """Whether the file is there now."""
        with translated(f"look up s3://{self.name}/{key}"):
            try:
                self._s3.head_object(Bucket=self.name, Key=key)
            except ClientError as error:
                if error_code(error) in _ABSENT:
                    return False
                raise
        return True
