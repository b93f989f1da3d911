"""The register in the results bucket: the page for people, and its data for the next build."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from latchkey.aws.translate import error_code, translated
from latchkey.domain.errors import PlanStale

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PAGE = "register.html"
DATA = "register.json"


class RegisterFiles:
    """Reads and writes the two files."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._s3 = client
        self._bucket = bucket

    def read(self) -> tuple[bytes | None, str | None]:
        """The data as they were written last, and their ETag; nothing before the first time."""
        with translated(f"read s3://{self._bucket}/{DATA}"):
            try:
                found = self._s3.get_object(Bucket=self._bucket, Key=DATA)
                return found["Body"].read(), found["ETag"]
            except ClientError as error:
                if error_code(error) != "NoSuchKey":
                    raise
                return None, None

    def write(self, data: str, page: str, before: str | None) -> str:
        """Write both over the data with the ETag `before`; answers the page's key.

        Raises
        ------
        PlanStale
            When somebody has written other data since: they may know of grants that these do not.
        """
        condition: Any = {"IfMatch": before} if before else {"IfNoneMatch": "*"}
        try:
            self._put(DATA, data, "application/json", condition)
        except ClientError as error:
            if error_code(error) not in ("PreconditionFailed", "ConditionalRequestConflict"):
                with translated(f"write s3://{self._bucket}/{DATA}"):
                    raise
            raise PlanStale("another build of the register went ahead of this one") from error
        with translated(f"write s3://{self._bucket}/{PAGE}"):
            self._put(PAGE, page, "text/html", {})
        return PAGE

    def _put(self, key: str, text: str, kind: str, condition: Any) -> None:
        self._s3.put_object(
            Bucket=self._bucket,
            Key=key,
            Body=text.encode(),
            ContentType=f"{kind}; charset=utf-8",
            CacheControl="no-cache",
            **condition,
        )
