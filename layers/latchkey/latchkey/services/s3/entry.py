"""S3: objects of one bucket, or of one folder in it."""

import re
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, StrictBool, StrictStr, ValidationInfo

from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services.allowance import HTTPS, Allowance, key_allowance
from latchkey.services.boundary import OWNER_ACL
from latchkey.services.entry import Discover, ServiceEntry
from latchkey.services.resource_info import ResourceInfo
from latchkey.services.s3.spec import BUCKET_ACTIONS, SPEC, TAGS, VERSIONS
from latchkey.services.spec import Service

_BUCKET = re.compile(SPEC.arn.name, re.ASCII)
_PREFIX = re.compile(r"[A-Za-z0-9!_.'()=,@:;+& /-]{1,512}", re.ASCII)
_PREFIX_PATTERN = rf"^(?!/)(?!.*//)(?!(?:.*/)?\.\.(?:/|$)){_PREFIX.pattern}$"

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
        raise ValueError(
            "a prefix has no leading '/', no '//' and no '..'; write the folder as its objects' "
            "keys begin"
        )
    return prefix.removesuffix("/") + "/"


def _versions(wanted: bool, info: ValidationInfo) -> bool:
    if wanted and info.data.get("allow") == "write":
        raise ValueError("`write` neither lists nor gets, so there is nothing to add; leave it out")
    return wanted


def _owner_acl(wanted: bool, info: ValidationInfo) -> bool:
    if wanted and info.data.get("allow") == "read":
        raise ValueError("`read` puts no objects, so there is nothing to add; leave it out")
    return wanted


class S3Access(ServiceEntry):
    """Objects in a bucket; with `prefix`, only those in that folder (`in` means `in/`)."""

    SPEC: ClassVar[Service] = SPEC

    service: Literal["s3"]
    bucket: Annotated[
        StrictStr,
        AfterValidator(_bucket),
        Field(
            description="The bucket's name, not its ARN.",
            json_schema_extra={"pattern": rf"^(?!.*\.\.){_BUCKET.pattern}$"},
        ),
    ]
    prefix: Annotated[
        Annotated[
            StrictStr,
            AfterValidator(_prefix),
            Field(json_schema_extra={"pattern": _PREFIX_PATTERN}),
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
    versions: Annotated[
        StrictBool,
        AfterValidator(_versions),
        Field(
            description="`true`: also list and get object versions and, with `read-write`, delete "
            "them. Adds nothing to `write`, and is refused with it."
        ),
    ] = False
    object_tags: Annotated[
        StrictBool,
        Field(
            description="`true`: also read or write the tags of objects, as far as `allow` goes."
        ),
    ] = False
    bucket_owner_full_control: Annotated[
        StrictBool,
        AfterValidator(_owner_acl),
        Field(
            description="`true`: the partner may put objects with the ACL "
            "`bucket-owner-full-control`, and with no other. Not with `read`."
        ),
    ] = False
    discover: Discover = False

    @override
    def allowed(self, info: ResourceInfo, environment: AwsEnvironment) -> tuple[Allowance, ...]:
        """The statements of one S3 entry.

        `write` is a drop box: it can neither read nor list; uploaders ask for the bucket's Region
        first. A listing is bound to the folder by `s3:prefix`; `GetBucketLocation` and
        `ListBucketMultipartUploads` have no such key and so stand alone, the latter only where the
        whole bucket is granted, since it shows keys. Multipart uploads to
        a bucket under SSE-KMS need Decrypt as well as GenerateDataKey. The encryption context is
        the bucket's ARN with bucket keys and the object's ARN without, so both are allowed.

        Sources: Service Authorization Reference for Amazon S3; S3 user guide, "Uploading and
        copying objects using multipart upload" and "Reducing the cost of SSE-KMS with S3 Bucket
        Keys".
        """
        objects = f"{info.arn}/{self.prefix or ''}*"
        context = {"aws:s3:arn": [info.arn, objects]}
        allowed = [Allowance("Objects", self._on_objects(), (objects,), HTTPS)]
        if self.allow != "write":
            folder = {"StringLike": {"s3:prefix": f"{self.prefix}*"}} if self.prefix else {}
            lists = ("s3:ListBucket", "s3:ListBucketVersions")[: 1 + self.versions]
            allowed.append(Allowance("List", lists, (info.arn,), {**HTTPS, **folder}))
        whole = self.allow == "read-write" and not self.prefix
        asks = ("s3:GetBucketLocation", "s3:ListBucketMultipartUploads")[: 1 + whole]
        allowed.append(Allowance("Location", asks, (info.arn,), HTTPS))
        if self.bucket_owner_full_control:
            acl = {"StringEquals": {"s3:x-amz-acl": OWNER_ACL}}
            allowed.append(Allowance("Acl", ("s3:PutObjectAcl",), (objects,), {**HTTPS, **acl}))
        allowed += key_allowance(environment, "s3", info, _KEY_ACTIONS[self.allow], context)
        return tuple(allowed)

    def _on_objects(self) -> tuple[str, ...]:
        """The actions on objects: of the level, on versions and on tags."""
        actions = {a for a in SPEC.actions[self.allow] if a not in BUCKET_ACTIONS}
        if self.versions:
            actions.update(VERSIONS[self.allow])
        if self.object_tags:
            actions.update(TAGS[self.allow])
        if self.versions and self.object_tags:
            actions.add("s3:GetObjectVersionTagging")
        return tuple(sorted(actions))


ENTRY = S3Access
