"""The config bucket's listing: which files are there, and when each was uploaded."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from latchkey.aws.error_codes import translated
from latchkey.frozen import Frozen
from latchkey.keys import CONFIG_PREFIX, is_config_key

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class ListedFile(Frozen):
    """A config file that is there; `modified` is when it was uploaded, cut to the second.

    The listing has no object whose newest version is a delete marker, and shows every upload that
    S3 has confirmed (Amazon S3 user guide, "Amazon S3 data consistency model").
    """

    key: str
    modified: datetime


class ConfigListing:
    """Lists config files; older versions of them cost nothing."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._s3 = client
        self.bucket = bucket

    def files(self) -> Iterator[ListedFile]:
        """All config files; a call for each thousand."""
        pages = self._s3.get_paginator("list_objects_v2")
        with translated(f"list s3://{self.bucket}/{CONFIG_PREFIX}"):
            for page in pages.paginate(Bucket=self.bucket, Prefix=CONFIG_PREFIX):
                for found in page.get("Contents", []):
                    if is_config_key(found["Key"]):
                        yield ListedFile(found["Key"], found["LastModified"])
