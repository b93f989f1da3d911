"""S3: objects of one bucket, or of one folder in it."""

import re
from typing import Annotated, ClassVar, Literal, override

from pydantic import AfterValidator, Field, StrictStr

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.allowance import HTTPS, Allowance, key_allowance
from latchkey.services.entry import ServiceEntry
from latchkey.services.resource_info import ResourceInfo
from latchkey.services.s3.spec import BUCKET_ACTIONS, SPEC
from latchkey.services.spec import Service

_BUCKET = re.compile(SPEC.arn.name, re.ASCII)
_PREFIX = re.compile(r"[A-Za-z0-9!_.'()=,@:;+& /-]{1,512}", re.ASCII)

_KEY_ACTIONS = {
    "read": ("kms:Decrypt",),
    "write": ("kms:Decrypt", "kms:GenerateDataKey"),
    "read-write": ("kms:Decrypt", "kms:GenerateDataKey"),
}


def _bucket(name: str) -> str:
    if name.startswith("arn:"):
        raise ValueError("write the bucket's name, not its ARN")
    if not _BUCKET.fullmatch(name) or ".." in name:
        raise ValueError(f"not a bucket name: {SPEC.arn.hint}")
    return name


def _prefix(prefix: str) -> str:
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(
            "a prefix is the plain name of a folder (letters, digits and !_.'()=,@:;+& /-); "
            "wildcards and variables are not allowed"
        )
    if prefix.startswith("/") or "//" in prefix or ".." in prefix.split("/"):
        raise ValueError("a prefix has no leading '/', no '//' and no '..'")
    return prefix.removesuffix("/") + "/"


class S3Access(ServiceEntry):
    """Objects in a bucket; with `prefix`, only those in that folder (`in` means `in/`)."""

    SPEC: ClassVar[Service] = SPEC

    service: Literal["s3"]
    bucket: Annotated[
        StrictStr,
        AfterValidator(_bucket),
        Field(
            description="The bucket's name, not its ARN.",
            json_schema_extra={"pattern": f"^{_BUCKET.pattern}$"},
        ),
    ]
    prefix: Annotated[
        Annotated[
            StrictStr,
            AfterValidator(_prefix),
            Field(json_schema_extra={"pattern": f"^(?!/)(?!.*//){_PREFIX.pattern}$"}),
        ]
        | None,
        Field(description="A folder in the bucket: `in` means `in/`, and never reaches `inbox/`."),
    ] = None
    allow: Annotated[
        Literal["read", "write", "read-write"],
        Field(
            description="`read`: list and get. `write`: put only (a drop box), no list and no get. "
            "`read-write`: list, get, put and delete."
        ),
    ]

    @override
    def allowed(self, info: ResourceInfo, environment: AwsEnvironment) -> tuple[Allowance, ...]:
        """The statements of one S3 entry.

        `write` is a drop box: it can neither read nor list. A listing is bound to the folder by
        `s3:prefix`; `GetBucketLocation` has no such key and so stands alone. Multipart uploads to
        a bucket under SSE-KMS need Decrypt as well as GenerateDataKey. The encryption context is
        the bucket's ARN with bucket keys and the object's ARN without, so both are allowed.

        Sources: Service Authorization Reference for Amazon S3; S3 user guide, "Uploading and
        copying objects using multipart upload" and "Reducing the cost of SSE-KMS with S3 Bucket
        Keys".
        """
        objects = f"{info.arn}/{self.prefix or ''}*"
        context = {"aws:s3:arn": [info.arn, objects]}
        on_objects = tuple(a for a in SPEC.actions[self.allow] if a not in BUCKET_ACTIONS)
        allowed = [Allowance("Objects", on_objects, (objects,), HTTPS)]
        if self.allow != "write":
            folder = {"StringLike": {"s3:prefix": f"{self.prefix}*"}} if self.prefix else {}
            allowed += [
                Allowance("List", ("s3:ListBucket",), (info.arn,), {**HTTPS, **folder}),
                Allowance("Location", ("s3:GetBucketLocation",), (info.arn,), HTTPS),
            ]
        allowed += key_allowance(environment, "s3", info, _KEY_ACTIONS[self.allow], context)
        return tuple(allowed)


ENTRY = S3Access
