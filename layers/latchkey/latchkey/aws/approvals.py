"""Approvals in the config bucket: which files are there, and when S3 took each."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from latchkey.aws.error_codes import translated
from latchkey.errors import TooManyApprovals
from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.grants.approval_key import GivenApproval, approval_in
from latchkey.keys import REJECTING, approval_prefix

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


_MOST = 5_000
"""Files below one prefix. Whoever may write there may write any number, and a run that lists them
all would end by its time."""


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
        self, groups: Mapping[str, Iterable[str]], grant: GrantId, digest: str, now: datetime
    ) -> ListedApprovals:
        """The approvals of a desired state by any of some groups; `now` where S3 tells no time.

        `groups` are the unique IDs of the members of each. Times are S3's own: each object's, and
        that of its answers (`Date`; Amazon S3 API reference, "Common response headers"). A listing
        has the newest version of each object.

        Raises
        ------
        TooManyApprovals
            When a member has written more files than people have approvals to give: a rejection
            may be among those that were not read.
        """
        found: list[GivenApproval] = []
        times: list[datetime] = []
        for group, members in groups.items():
            prefix = approval_prefix(group, grant, digest)
            listed = self._listed(prefix, times)
            if listed is None:
                listed = self._of_members(prefix, members, times)
            found += listed
        return ListedApprovals(tuple(found), times[0] if times else now)

    def _of_members(
        self, prefix: str, members: Iterable[str], times: list[datetime]
    ) -> list[GivenApproval]:
        """Those of a group's members in a folder that others have filled.

        Nobody else can write below their unique IDs, since the bucket's policy allows no folder
        that begins as one, so nobody else can keep them from being read.
        """
        found: list[GivenApproval] = []
        for place in (f"{prefix}{kind}{one}" for one in members for kind in ("", REJECTING)):
            listed = self._listed(place, times)
            if listed is None:
                raise TooManyApprovals(
                    f"s3://{self._bucket}/{place}… are more than {_MOST} files, all of this "
                    "approver, who has to remove those that are no approvals"
                )
            found += listed
        return found

    def _listed(self, prefix: str, times: list[datetime]) -> list[GivenApproval] | None:
        """The approvals below a prefix; None where there are too many files to read them all."""
        found: list[GivenApproval] = []
        seen = 0
        pages = self._s3.get_paginator("list_objects_v2")
        with translated(f"list s3://{self._bucket}/{prefix}"):
            for page in pages.paginate(Bucket=self._bucket, Prefix=prefix):
                times += filter(None, [_date(page)])
                listed = page.get("Contents", [])
                seen += len(listed)
                if seen > _MOST:
                    return None
                parsed = (approval_in(one["Key"], one["LastModified"]) for one in listed)
                found += filter(None, parsed)
        return found


def _date(answer: Any) -> datetime | None:
    headers = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    try:
        return parsedate_to_datetime(headers["date"]).astimezone(UTC)
    except (KeyError, TypeError, ValueError):
        return None
