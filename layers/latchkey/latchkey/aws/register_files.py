"""The register in the results bucket: the page for people, and what the next build needs.

The next build needs the page's data and, so that it can keep them out of texts, all external IDs
that were ever read for a register. These are in a file of their own, outside of what is named
after the register, so that access to one needs no access to the other.
"""

import json
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from latchkey.aws.error_codes import error_code, translated
from latchkey.errors import PlanStale
from latchkey.frozen import Frozen

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PAGE = "register.html"
DATA = "register.json"
EXTERNAL_IDS = "private/register-external-ids.json"
_OVERTAKEN = ("PreconditionFailed", "ConditionalRequestConflict")


class LastRegister(Frozen):
    """What is there of the last build: the data as JSON text with their ETag, and external IDs."""

    data: bytes | None = None
    etag: str | None = None
    external_ids: frozenset[str] = frozenset()


class RegisterFiles:
    """Reads and writes these files."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._s3 = client
        self._bucket = bucket

    def read(self) -> LastRegister:
        """What the last build wrote; nothing before the first."""
        ids, _ = self._get(EXTERNAL_IDS)
        return LastRegister(*self._get(DATA), frozenset(json.loads(ids or "[]")))

    def data(self) -> bytes | None:
        """The data that the last build wrote, as JSON text; None before the first."""
        return self._get(DATA)[0]

    def write(
        self, data: str, page: str, external_ids: Collection[str], before: LastRegister
    ) -> str:
        """Replace the files that `before` names; answers the page's key.

        Raises
        ------
        PlanStale
            When somebody has written other data since: they may know of grants that these do not.
        """
        if before.external_ids != set(external_ids):
            self._put(EXTERNAL_IDS, json.dumps(sorted(external_ids)), "application/json", {})
        etag = before.etag
        condition: Any = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
        self._put(DATA, data, "application/json", condition)
        self._put(PAGE, page, "text/html", {})
        return PAGE

    def _get(self, key: str) -> tuple[bytes | None, str | None]:
        with translated(f"read s3://{self._bucket}/{key}"):
            try:
                found = self._s3.get_object(Bucket=self._bucket, Key=key)
                return found["Body"].read(), found["ETag"]
            except ClientError as error:
                if error_code(error) != "NoSuchKey":
                    raise
                return None, None

    def _put(self, key: str, text: str, kind: str, condition: Any) -> None:
        with translated(f"write s3://{self._bucket}/{key}"):
            try:
                self._s3.put_object(
                    Bucket=self._bucket,
                    Key=key,
                    Body=text.encode(),
                    ContentType=f"{kind}; charset=utf-8",
                    CacheControl="no-cache",
                    **condition,
                )
            except ClientError as error:
                if error_code(error) not in _OVERTAKEN:
                    raise
                raise PlanStale("another build of the register went ahead of this one") from error
