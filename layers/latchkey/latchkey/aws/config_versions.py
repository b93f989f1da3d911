"""Versions of configs in the config bucket: written once, read exactly as recorded."""

from typing import TYPE_CHECKING

from latchkey.aws.error_codes import translated
from latchkey.config.strict_json import MAX_BYTES
from latchkey.errors import ConfigUnproven, PermanentError, TransientError
from latchkey.grant_id import GrantId
from latchkey.grants.config_reference import ConfigReference, reference_to
from latchkey.grants.record import GrantRecord
from latchkey.keys import inline_config_key
from latchkey.newer_python import replace

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_KEPT = "what was granted stays as it is, and can be suspended and revoked"
_UNVERSIONED = (None, "null")
"""What S3 answers where a bucket keeps no versions (Amazon S3 user guide, "How S3 Versioning
works")."""


class ConfigVersions:
    """The configs that grants were granted by; nobody but planning may write those of inline ones.

    The bucket's policy and planning's role see to that (template.yaml, `ConfigBucketPolicy`).
    """

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._s3 = client
        self._bucket = bucket

    def write(self, grant: GrantId, text: str) -> ConfigReference:
        """Write a config that came with the workflow's input; answers where it is now.

        Raises
        ------
        ConfigUnproven
            When the bucket keeps no versions, so that somebody could replace what was written.
        """
        key = inline_config_key(grant)
        with translated(f"write {self._place(key)}"):
            put = self._s3.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=text.encode(),
                ContentType="application/json",
            )
        version = put.get("VersionId")
        if version in _UNVERSIONED:
            raise ConfigUnproven(
                f"{self._bucket} keeps no versions of its objects, so nothing is granted by a "
                "config in the workflow's input. Turn its versioning on, and start the workflow "
                "again"
            )
        return reference_to(key, version, text)

    def read(self, record: GrantRecord) -> str:
        """The config that a grant was granted by, as JSON text: of exactly that version.

        Raises
        ------
        ConfigUnproven
            When it cannot be read, or is not as it was recorded; says what to do about it.
        TransientError
            When a later try may succeed.
        """
        place = record.config_at
        if place is None:
            raise ConfigUnproven(
                f"no version of a config is on record for {record.id}, as in records of the "
                f"releases before there were any; {_KEPT}. {_remedy(record)}"
            )
        named = f"version {place.version} of {self._place(place.key)}, by which {record.id} was"
        try:
            with translated("read it"):
                found = self._s3.get_object(
                    Bucket=self._bucket, Key=place.key, VersionId=place.version
                )
                content = found["Body"].read(MAX_BYTES + 1)
                found["Body"].close()
        except TransientError:
            raise
        except PermanentError as error:
            raise ConfigUnproven(
                f"{named} granted, cannot be read ({error}); {_KEPT}. {_remedy(record)}"
            ) from error
        if not place.matches(content):
            raise ConfigUnproven(
                f"{named} granted, has not the SHA-256 that is on record: somebody changed the "
                f"record or the bucket. It is not used; {_KEPT}. {_remedy(record)}"
            )
        return content.decode("utf-8", "replace")

    def shown(self, record: GrantRecord) -> GrantRecord:
        """A record of the table with its config for people to read; without one if nobody can.

        Raises
        ------
        TransientError
            When a later try may succeed.
        """
        if record.config or not (record.inline and record.config_object):
            return record
        try:
            return replace(record, config=self.read(record))
        except PermanentError:
            return record

    def _place(self, key: str) -> str:
        return f"s3://{self._bucket}/{key}"


def _remedy(record: GrantRecord) -> str:
    if record.inline:
        return "Start the workflow with the config once more"
    return "Upload the file again"
