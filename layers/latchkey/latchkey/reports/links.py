"""Links that open what messages speak of: a file in a bucket, in a browser."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from latchkey.frozen import Frozen

_CONSOLES: Mapping[str, str] = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}
"""The console's domain by partition (AWS Management Console getting started guide, "Choosing a
Region"; AWS China and AWS GovCloud (US) user guides, "Signing in")."""


class Links(Frozen):
    """Makes URLs of objects: below `base`, a URL of one's own, or in the AWS console.

    No document of AWS gives the form of the latter; it is the one that the S3 console itself has in
    the browser's address bar on the page of an object.
    """

    partition: str
    region: str
    base: str = ""

    def to(self, bucket: str, key: str) -> str:
        """The URL of an object; `s3://…` where a partition's console is not known."""
        if self.base:
            return f"{self.base.rstrip('/')}/{quote(bucket)}/{quote(key)}"
        console = _CONSOLES.get(self.partition)
        if console is None:
            return f"s3://{bucket}/{key}"
        where = urlencode({"region": self.region, "prefix": key}, quote_via=quote, safe="/")
        return f"https://{self.region}.{console}/s3/object/{quote(bucket)}?{where}"
