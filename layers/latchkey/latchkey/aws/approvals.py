"""Approvals in the config bucket: which files are there, and when S3 took each."""

from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from latchkey.aws.error_codes import translated
from latchkey.errors import TooManyApprovals
from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.grants.approval_key import GivenApproval, approval_in
from latchkey.keys import approval_prefix

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


_MOST = 5_000
"""Files in a group's folder of one desired state. Whoever may write there may write any number, and
a run that lists them all would end by its time."""


class ListedApprovals(Frozen):
    """The approvals that are there, and what time it was by S3's clock when it was asked."""

    given: tuple[GivenApproval, ...]
    at: datetime


class Approvals:
    """Lists approvals; no file is read."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._s3 = client
        self._bucket = bucket

    def of(
        self, groups: Iterable[str], grant: GrantId, digest: str, now: datetime
    ) -> ListedApprovals:
        """The approvals of a desired state by any of some groups; `now` where S3 tells no time.

        Times are S3's own: each object's, and that of its answers (`Date`; Amazon S3 API
        reference, "Common response headers"). A listing has the newest version of each object.

        Raises
        ------
        TooManyApprovals
            When a folder has more files than people have approvals to give: a rejection may be
            among those that were not read.
        """
        found: list[GivenApproval] = []
        at = None
        for group in groups:
            prefix = approval_prefix(group, grant, digest)
            pages = self._s3.get_paginator("list_objects_v2")
            seen = 0
            with translated(f"list s3://{self._bucket}/{prefix}"):
                for page in pages.paginate(Bucket=self._bucket, Prefix=prefix):
                    at = at or _date(page)
                    listed = page.get("Contents", [])
                    parsed = (approval_in(one["Key"], one["LastModified"]) for one in listed)
                    found += filter(None, parsed)
                    seen += len(listed)
                    if seen > _MOST:
                        raise TooManyApprovals(
                            f"s3://{self._bucket}/{prefix} has more than {_MOST} files; remove "
                            "those that are no approvals"
                        )
        return ListedApprovals(tuple(found), at or now)


def _date(answer: Any) -> datetime | None:
    headers = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    try:
        return parsedate_to_datetime(headers["date"]).astimezone(UTC)
    except (KeyError, TypeError, ValueError):
        return None
