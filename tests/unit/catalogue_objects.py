"""Every kind of access to objects that the catalogue has, with exactly its actions."""

from typing import Any

from tests.kit.examples import s3_entry

READ_OBJECTS = ["s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket"]

WRITE_OBJECTS = ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"]

DECRYPT, BOTH = ["kms:Decrypt"], ["kms:Decrypt", "kms:GenerateDataKey"]


OBJECTS: list[tuple[dict[str, Any], list[str], list[str]]] = [
    (s3_entry(allow="read"), READ_OBJECTS, DECRYPT),
    (s3_entry(allow="write"), [*WRITE_OBJECTS, "s3:GetBucketLocation"], BOTH),
    (
        s3_entry(),
        [*READ_OBJECTS, *WRITE_OBJECTS, "s3:DeleteObject", "s3:ListBucketMultipartUploads"],
        BOTH,
    ),
    (
        s3_entry(allow="read", versions=True),
        [*READ_OBJECTS, "s3:GetObjectVersion", "s3:ListBucketVersions"],
        DECRYPT,
    ),
    (
        s3_entry(versions=True, object_tags=True),
        [
            *READ_OBJECTS,
            *WRITE_OBJECTS,
            "s3:DeleteObject",
            "s3:DeleteObjectVersion",
            "s3:GetObjectTagging",
            "s3:GetObjectVersion",
            "s3:GetObjectVersionTagging",
            "s3:ListBucketMultipartUploads",
            "s3:ListBucketVersions",
            "s3:PutObjectTagging",
        ],
        BOTH,
    ),
    (
        s3_entry(allow="write", object_tags=True, bucket_owner_full_control=True),
        [*WRITE_OBJECTS, "s3:GetBucketLocation", "s3:PutObjectAcl", "s3:PutObjectTagging"],
        BOTH,
    ),
    (
        s3_entry(allow="read", discover=True),
        [*READ_OBJECTS, "s3:ListAllMyBuckets"],
        DECRYPT,
    ),
]
