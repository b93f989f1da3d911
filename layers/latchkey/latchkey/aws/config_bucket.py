"""The config bucket: the newest version of a partner's file, or why nobody can read it."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from latchkey.aws.error_codes import error_code, translated
from latchkey.config.problem import Problem
from latchkey.config.reader import ReadConfig, read_config
from latchkey.config.rules import StackContext
from latchkey.config.strict_json import MAX_BYTES
from latchkey.errors import LatchkeyError, TransientError
from latchkey.frozen import Frozen

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ABSENT = {"NoSuchKey", "404", "NotFound", "NoSuchVersion"}

_AGAIN = "Upload the file again"
_REMEDIES: Mapping[str, str] = {
    "InvalidObjectState": f"It is archived. {_AGAIN} with the storage class STANDARD",
    "InvalidRequest": f"It may be encrypted with a key of the uploader's own (SSE-C). {_AGAIN} "
    "with the encryption that the bucket gives it",
    "AccessDenied": f"It may be encrypted with a KMS key that Latchkey may not use. {_AGAIN} with "
    "the encryption that the bucket gives it; where it has that, the bucket's policy or the role "
    "of plan_grant forbids reading it",
}
"""What to do about S3's errors (Amazon S3 API reference, GetObject and "List of error codes")."""

_KMS = f"Its KMS key cannot be used. {_AGAIN} with the encryption that the bucket gives it"
_LONGEST = 600
"""Characters of an error that a problem quotes."""


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

    @property
    def text(self) -> str | None:
        """The file as text, for the record."""
        return self.body.decode("utf-8", "replace")

    def read(self, stack: StackContext, at: datetime | None) -> ReadConfig:
        """The config in the file, as of a time."""
        return read_config(self.body, stack, at)


class UnreadableFile(Frozen):
    """A version of a file that is there and that nobody can read: a rejected one, as its config is.

    `version` and `modified` are None where S3 does not tell even those.
    """

    bucket: str
    key: str
    version: str | None
    modified: datetime | None
    problem: Problem

    @property
    def text(self) -> None:
        """Nobody knows the text."""

    def read(self, _stack: StackContext, _at: datetime | None) -> ReadConfig:
        """No config, and the problem with the version."""
        return ReadConfig(None, None, (self.problem,))


class RemovedFile(Frozen):
    """There is no file, or none any more: `version` is the ID of its delete marker.

    S3 tells it with the error (`x-amz-version-id` beside `x-amz-delete-marker`: Amazon S3 user
    guide, "Working with delete markers"); where it does not, nobody is known who removed the file.
    """

    version: str | None = None


class ConfigBucket:
    """Reads partner configs."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._s3 = client
        self.name = bucket

    def newest(self, key: str, *, last: bool = False) -> ConfigFile | UnreadableFile | None:
        """The newest version of the file, or None when there is none or it was removed."""
        found = self.look(key, last=last)
        return None if isinstance(found, RemovedFile) else found

    def look(self, key: str, *, last: bool = False) -> ConfigFile | UnreadableFile | RemovedFile:
        """The newest version of the file, or that there is none.

        Whatever keeps a version from being read is part of the answer, so that it cannot keep
        anybody from ending what an earlier version granted.

        Raises
        ------
        TransientError
            When a later try may succeed; not where this is the `last` one.
        """
        try:
            with translated(f"read s3://{self.name}/{key}"):
                return self._read(key)
        except TransientError as error:
            if not last:
                raise
            return self._unreadable(key, error)
        except LatchkeyError as error:
            return self._unreadable(key, error)

    def _read(self, key: str) -> ConfigFile | RemovedFile:
        try:
            found = self._s3.get_object(Bucket=self.name, Key=key)
        except ClientError as error:
            if error_code(error) in _ABSENT:
                return RemovedFile(_marker(error))
            raise
        body = found["Body"].read(MAX_BYTES + 1)
        found["Body"].close()
        version, modified = found.get("VersionId", "null"), found["LastModified"]
        return ConfigFile(self.name, key, version, body, modified)

    def _unreadable(self, key: str, error: LatchkeyError) -> UnreadableFile | RemovedFile:
        """The version that cannot be read, unless it is a delete marker by now, or gone."""
        try:
            found = self._newest_version(key)
        except LatchkeyError:
            return UnreadableFile(self.name, key, None, None, _problem(None, error))
        if found is None:
            return RemovedFile()
        version, modified = found
        return UnreadableFile(self.name, key, version, modified, _problem(version, error))

    def _newest_version(self, key: str) -> tuple[str, datetime] | None:
        """The newest version's ID, and when it was uploaded, which the listing tells of any object.

        Of all keys with a prefix the prefix itself comes first, and of a key's versions the newest
        (Amazon S3 API reference, ListObjectVersions).
        """
        with translated(f"list the versions of s3://{self.name}/{key}"):
            page = self._s3.list_object_versions(Bucket=self.name, Prefix=key, MaxKeys=1)
        for version in page.get("Versions", []):
            if version["Key"] == key and version["IsLatest"]:
                return version["VersionId"], version["LastModified"]
        return None


def _marker(error: ClientError) -> str | None:
    headers = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    marked = headers.get("x-amz-delete-marker") == "true"
    return headers.get("x-amz-version-id") if marked else None


def _problem(version: str | None, error: LatchkeyError) -> Problem:
    code = _code(error)
    remedy = _KMS if code.startswith("KMS.") else _REMEDIES.get(code, _AGAIN)
    named = f"version {version}" if version else "the newest version"
    quoted = " ".join(str(error).split())[:_LONGEST].rstrip(". ")
    return Problem("", f"{named} cannot be read ({quoted}). {remedy}")


def _code(error: LatchkeyError) -> str:
    cause = error.__cause__
    return error_code(cause) if isinstance(cause, ClientError) else ""
