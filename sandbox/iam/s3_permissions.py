"""The permissions that IAM requires for calls of S3, whose actions are often named otherwise.

By https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html.
"""

from typing import Any

from moto.s3.models import s3_backends

from sandbox.account import PARTITION
from sandbox.iam import keys
from sandbox.iam.key_use import through
from sandbox.iam.owners import bucket_owner
from sandbox.iam.permission import RequiredPermission as Permission
from sandbox.iam.request import Request

_ACTION = {
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "HeadBucket": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "ListBuckets": "ListAllMyBuckets",
    "HeadObject": "GetObject",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "UploadPartCopy": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "ListParts": "ListMultipartUploadParts",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "DeleteObjects": "DeleteObject",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
}
_VERSIONED = {"GetObject", "DeleteObject", "GetObjectAcl", "GetObjectTagging"}
_WRITES = {"PutObject", "CopyObject", "CreateMultipartUpload"}
_ACLS = ("ACL", "GrantFullControl", "GrantRead", "GrantReadACP", "GrantWriteACP")
_MULTIPART = {"CreateMultipartUpload", "UploadPart", "UploadPartCopy", "CompleteMultipartUpload"}


def s3_permissions(request: Request) -> list[Permission]:
    """The permissions that a call of S3 requires, of the keys of its objects too."""
    given = request.parameters
    name, bucket = request.operation, f"arn:aws:s3:::{given.get('Bucket', '*')}"
    action = _ACTION.get(name, name)
    if action in _VERSIONED and "VersionId" in given:
        action = action.replace("Object", "ObjectVersion", 1)
    if name == "DeleteObjects":
        names = [item["Key"] for item in given["Delete"]["Objects"]]
        return [Permission(f"s3:{action}", f"{bucket}/{key}") for key in names]
    if "Key" not in given:
        listed = "Prefix" in given and action.startswith("ListBucket")
        return [
            Permission(f"s3:{action}", bucket, {"s3:prefix": given["Prefix"]} if listed else {})
        ]
    wanted = [Permission(f"s3:{action}", f"{bucket}/{given['Key']}")]
    if action == "GetObject" and not _object_exists(given["Bucket"], given["Key"]):
        wanted.append(Permission("s3:ListBucket", bucket))  # else a missing key is 403, not 404
    if source := given.get("CopySource"):
        wanted.append(
            Permission("s3:GetObject", f"arn:aws:s3:::{source.lstrip('/').split('?')[0]}")
        )
    acl = {"s3:x-amz-acl": given["ACL"]} if "ACL" in given else {}
    if action == "PutObjectAcl":
        return [Permission(f"s3:{action}", wanted[0].resource, acl)]
    if name in _WRITES:
        wanted += [Permission(f"s3:{more}", wanted[0].resource, acl) for more in _passed_on(given)]
    return wanted + _key_permissions(name, action, given)


def _passed_on(given: dict[str, Any]) -> list[str]:
    """The further actions of a write that sets an ACL or tags (S3 API reference, PutObject)."""
    return [
        *(["PutObjectAcl"] if any(given.get(name) for name in _ACLS) else []),
        *(["PutObjectTagging"] if given.get("Tagging") else []),
    ]


def _object_exists(bucket: str, name: str) -> bool:
    """Whether a bucket has an object of that name, and not just a delete marker."""
    found = s3_backends[bucket_owner(bucket)][PARTITION].buckets.get(bucket)
    return found is not None and hasattr(found.keys.get(name), "etag")


def _key_permissions(name: str, action: str, given: dict[str, Any]) -> list[Permission]:
    """Reading needs to decrypt, writing a data key; multipart needs both."""
    bucket, thing = given["Bucket"], given["Key"]
    actions: tuple[str, ...]
    if action in ("GetObject", "GetObjectVersion"):
        key, actions = keys.object_key(bucket, thing), ("Decrypt",)
    elif action == "PutObject":
        key = given.get("SSEKMSKeyId") or keys.bucket_key(bucket)
        actions = ("GenerateDataKey", *(["Decrypt"] if name in _MULTIPART else []))
    else:
        return []
    arn = f"arn:aws:s3:::{bucket}/{thing}"
    return through("s3", actions, key, {"aws:s3:arn": arn}, keys.bucket_region(bucket))
