"""Buckets: whose they are, where they are, and the key of their default encryption."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from latchkey.aws.preflight.found import Found, Lookup, NotGrantable, absent, found
from latchkey.domain.catalogue.entry import Place

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def _find(s3: "S3Client", name: str, place: Place) -> Found | None:
    owner: Any = {"Bucket": name, "ExpectedBucketOwner": place.account}
    try:
        region = s3.head_bucket(**owner).get("BucketRegion", place.region)
    except ClientError as error:
        if absent(error, "404", "NoSuchBucket"):
            return None
        if absent(error, "403"):
            raise NotGrantable(
                f"the bucket {name!r} is another account's, or its policy keeps Latchkey out"
            ) from error
        if not absent(error, "301", "PermanentRedirect"):
            raise
        headers = error.response["ResponseMetadata"].get("HTTPHeaders", {})
        region = headers.get("x-amz-bucket-region", "another region")
    if region != place.region:
        raise NotGrantable(
            f"the bucket {name!r} is in {region}, not in {place.region}; "
            "grant it from a stack there"
        )
    return found(f"arn:{place.partition}:s3:::{name}", _key(s3, owner))


def _key(s3: "S3Client", owner: Any) -> str | None:
    try:
        answer = s3.get_bucket_encryption(**owner)
    except ClientError as error:
        if absent(error, "ServerSideEncryptionConfigurationNotFoundError"):
            return None
        raise
    for rule in answer["ServerSideEncryptionConfiguration"]["Rules"]:
        default = rule.get("ApplyServerSideEncryptionByDefault", {})
        if str(default.get("SSEAlgorithm", "")).startswith("aws:kms"):
            return default.get("KMSMasterKeyID")
    return None


def _names(s3: "S3Client") -> Iterator[str]:
    yield from (bucket["Name"] for bucket in s3.list_buckets()["Buckets"])


LOOKUP = Lookup("s3", "bucket", _find, _names)
