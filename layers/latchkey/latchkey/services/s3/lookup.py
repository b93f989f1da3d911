"""Buckets: one call finds their owner, Region and encryption."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.lookup import (
    Clients,
    Found,
    Lookup,
    NotGrantable,
    absent,
    found,
    own_side_denied,
)
from latchkey.services.s3.spec import SPEC

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


_ANSWERED = "after-call.s3.GetBucketEncryption"
_REGION = "LatchkeyRegion"
_ELSEWHERE = ("301", "PermanentRedirect", "AuthorizationHeaderMalformed")


def _find(clients: Clients, name: str, environment: AwsEnvironment) -> Found | None:
    s3: S3Client = clients("s3")
    s3.meta.events.register(_ANSWERED, _note_region, unique_id="latchkey-region")
    try:
        answer: Any = s3.get_bucket_encryption(Bucket=name, ExpectedBucketOwner=environment.account)
    except ClientError as error:
        if absent(error, "NoSuchBucket"):
            return None
        if own_side_denied(error):
            raise
        if absent(error, "AccessDenied"):
            raise NotGrantable(
                f"the bucket {name!r} is another account's, or its policy keeps Latchkey out"
            ) from error
        answer = error.response
        if not absent(error, "ServerSideEncryptionConfigurationNotFoundError", *_ELSEWHERE):
            raise
    if (region := _region(answer, environment)) != environment.region:
        raise NotGrantable(
            f"the bucket {name!r} is in {region}, not in {environment.region}; "
            "grant it from a stack there"
        )
    return found(SPEC.resource_arn(name, environment), _key(answer))


def _region(answer: Any, environment: AwsEnvironment) -> str:
    """Where a bucket is: where botocore was sent on to, or what an error says that it is."""
    region = answer["ResponseMetadata"].get("HTTPHeaders", {}).get("x-amz-bucket-region")
    if str(answer.get("Error", {}).get("Code", "")) in _ELSEWHERE:
        return str(region or "another region")
    return str(region or answer.get(_REGION) or environment.region)


def _note_region(parsed: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    """Note the region that answered: botocore follows redirects silently.

    It signs the request anew, for the region that it was sent on to (its S3RegionRedirector).
    """
    parsed[_REGION] = context.get("signing", {}).get("region")


def _key(answer: Any) -> str | None:
    for rule in answer.get("ServerSideEncryptionConfiguration", {}).get("Rules", ()):
        default = rule.get("ApplyServerSideEncryptionByDefault", {})
        if str(default.get("SSEAlgorithm", "")).startswith("aws:kms"):
            return str(default["KMSMasterKeyID"]) if "KMSMasterKeyID" in default else None
    return None


def _names(clients: Clients) -> Iterator[str]:
    s3: S3Client = clients("s3")
    yield from (bucket["Name"] for bucket in s3.list_buckets()["Buckets"])


LOOKUP = Lookup(SPEC.noun, _find, _names)
