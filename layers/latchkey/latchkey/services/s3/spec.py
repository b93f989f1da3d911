"""Amazon S3: objects of one bucket, or of one folder in it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from latchkey.iam.condition import Condition
from latchkey.iam.environment import AwsEnvironment
from latchkey.iam.permit import Permit
from latchkey.iam.values import texts
from latchkey.newer_python import override, replace
from latchkey.services.arn_form import ArnForm
from latchkey.services.call import Call, possible
from latchkey.services.s3.calls import CHANGED_BY, calls, calls_by_action
from latchkey.services.spec import Conditions, EntryFields, Service

BUCKET_ACTIONS = frozenset(
    {
        "s3:GetBucketLocation",
        "s3:ListBucket",
        "s3:ListBucketMultipartUploads",
        "s3:ListBucketVersions",
    }
)
"""The actions on a bucket itself; all others of the boundary are on its objects."""

_LISTS = BUCKET_ACTIONS - {"s3:GetBucketLocation"}
_ON_BUCKETS = {action.lower() for action in BUCKET_ACTIONS}
_WILDCARDS = set("*?$")
_READ = ("s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket")
_WRITE = (
    "s3:AbortMultipartUpload",
    "s3:GetBucketLocation",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
)

VERSIONS = {
    "read": ("s3:GetObjectVersion",),
    "read-write": ("s3:DeleteObjectVersion", "s3:GetObjectVersion"),
}
"""What `versions` adds on objects, by level; on the bucket it is their list."""

TAGS = {
    "read": ("s3:GetObjectTagging",),
    "write": ("s3:PutObjectTagging",),
    "read-write": ("s3:GetObjectTagging", "s3:PutObjectTagging"),
}
"""What `object_tags` adds, by level."""


class _S3(Service):
    @override
    def describe(self, rest: str) -> str | None:
        bucket, _, key = rest.partition("/")
        return f"bucket {bucket}{_objects(key)}" if key else f"bucket {bucket}"

    @override
    def describe_permit(self, permit: Permit) -> tuple[str, Permit] | None:
        """What may be listed of a bucket is bound to a folder by a condition.

        It is named as objects in that folder are.
        """
        name = permit.resource.removeprefix("arn:").partition(":::")[2]
        bucket, _, key = name.partition("/")
        if not bucket or permit.opaque:
            return None
        if permit.action.lower() in _ON_BUCKETS and not key:
            return _listed(bucket, permit)
        if not key:
            return f"bucket {bucket} itself, no objects", permit
        return f"bucket {bucket}{_objects(key)}", permit

    @override
    def bare(self, name: str) -> str:
        return "" if name.startswith("/") else name

    @override
    def imported(self, arn: str, rest: str) -> Iterator[EntryFields]:
        """The bucket, and the folder if the ARN is of one."""
        bucket, slash, folder = rest.partition("/")
        if not bucket or set(bucket) & _WILDCARDS:
            return
        whole = arn[: len(arn) - len(rest)] + bucket
        yield EntryFields({self.field: bucket}, whole)
        folder = folder.removesuffix("*")
        if slash and folder.endswith("/") and not set(folder) & _WILDCARDS:
            yield EntryFields({self.field: bucket, self.part: folder}, whole)

    @override
    def applies(self, action: str, arn: str) -> bool:
        """An action on objects has no effect on the bucket's own ARN, nor the other way round."""
        return arn == "*" or (action.lower() in _ON_BUCKETS) != ("/" in arn)

    @override
    def reached(self, action: str, arn: str, conditions: Conditions) -> tuple[str, ...]:
        """Who lists a bucket sees the keys of its objects, as far as `s3:prefix` binds the list."""
        if "/" in arn or action not in _LISTS:
            return (arn,)
        return tuple(f"{arn}/{prefix}" for prefix in _prefixes(conditions))

    @override
    def told_of(self, action: str, arn: str) -> str:
        """The Region of a bucket says nothing of the objects in it."""
        return f"{arn}/*" if action in BUCKET_ACTIONS - _LISTS and "/" not in arn else ""

    @override
    def looked_up(self, arn: str, rest: str) -> str:
        return rest.partition("/")[0]

    @override
    def tries(self, entry: Mapping[str, Any], arn: str) -> Iterator[Call]:
        yield from calls(entry)

    @override
    def tries_of(self, actions: Iterable[str], arn: str, rest: str) -> Iterator[Call]:
        """Also by the name of an object that the partner knows, where nothing may be listed."""
        allowed = frozenset(actions)
        found = list(super().tries_of(allowed, arn, rest))
        known = frozenset[str]().union(*(call.all_needs(self.name) for call in found))
        bucket, _, folder = rest.partition("/")
        by_action = calls_by_action(bucket, folder.removesuffix("*"))
        yield from (*found, *possible(by_action, self.name, allowed - known))

    @override
    def pasted(
        self, entry: Mapping[str, Any], arn: str, environment: AwsEnvironment
    ) -> Iterator[tuple[str, str]]:
        """By name, as URI, as the URL of its Region, and by ARN.

        Source: S3 user guide, "Methods for accessing a bucket".
        """
        bucket, folder = entry["bucket"], entry.get("prefix") or ""
        host = f"s3.{environment.region}.{environment.dns_suffix}"
        yield "bucket", bucket
        if folder:
            yield "folder (prefix)", folder
        yield "S3 URI", f"s3://{bucket}/{folder}"
        # names with dots have no certificate under the bucket's own host
        yield (
            "bucket URL",
            f"https://{host}/{bucket}/" if "." in bucket else f"https://{bucket}.{host}/",
        )
        yield "bucket ARN", arn


def _prefixes(conditions: Conditions) -> tuple[str, ...]:
    """Patterns of the keys that a list may show; variables (`${…}`) may stand for any text."""
    for operator in ("StringEquals", "StringLike"):
        for key, values in conditions.get(operator, {}).items():
            if key.lower() == "s3:prefix" and (bound := texts(values)):
                return tuple(
                    f"{'*' if '$' in text else text}{'' if text.endswith('*') else '*'}"
                    for text in bound
                )
    return ("*",)


def _listed(bucket: str, permit: Permit) -> tuple[str, Permit]:
    bound = [one for one in permit.conditions if one.about == ("StringLike", "s3:prefix")]
    if len(bound) != 1 or not _is_beginning(bound[0]):
        return f"bucket {bucket}", permit
    rest = replace(permit, conditions=permit.conditions - {bound[0]})
    return f"bucket {bucket}{_objects(bound[0].values[0])}", rest


def _is_beginning(condition: Condition) -> bool:
    return len(condition.values) == 1 and re.fullmatch(r"[^*?]*\*", condition.values[0]) is not None


def _objects(key: str) -> str:
    if key == "*":
        return ""
    if not re.fullmatch(r"[^*?]*\*", key):
        return f", object {key}"
    return f", folder {key[:-1]}" if key.endswith("/*") else f", what begins with {key[:-1]}"


SPEC = _S3(
    name="s3",
    title="S3",
    field="bucket",
    part="prefix",
    resource_type="AWS::S3::Bucket",
    arn=ArnForm(
        r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
        "3 to 63 of a-z, 0-9, '.' and '-'",
        below="/",
        within=r"/(?:[A-Za-z0-9!_.'()=,@:;+& /-]+/)?\*",
        regional=False,
        slashes=True,
    ),
    actions={
        "read": _READ,
        "write": _WRITE,
        "read-write": tuple(sorted({*_READ, *_WRITE, "s3:DeleteObject"})),
    },
    labels={
        "list": "ListBucket",
        "list versions": "ListBucketVersions",
        "list uploads": "ListBucketMultipartUploads",
        "read": "GetObject GetObjectAttributes",
        "read tags": "GetObjectTagging",
        "read versions": "GetObjectVersion",
        "read tags of versions": "GetObjectVersionTagging",
        "put": "AbortMultipartUpload ListMultipartUploadParts PutObject",
        "put for the bucket owner": "PutObjectAcl",
        "write tags": "PutObjectTagging",
        "restore": "RestoreObject",
        "delete": "DeleteObject",
        "delete versions": "DeleteObjectVersion",
        "look up": "GetBucketLocation",
        "list names": "ListAllMyBuckets",
    },
    options=("versions", "object_tags", "bucket_owner_full_control", "discover"),
    discovers=("s3:ListAllMyBuckets",),
    own=("latchkey-*",),
    boundary=(
        "AbortMultipartUpload",
        "DeleteObject",
        "DeleteObjectVersion",
        "GetBucketLocation",
        "GetObject",
        "GetObjectAttributes",
        "GetObjectTagging",
        "GetObjectVersion",
        "GetObjectVersionTagging",
        "ListAllMyBuckets",
        "ListBucket",
        "ListBucketMultipartUploads",
        "ListBucketVersions",
        "ListMultipartUploadParts",
        "PutObject",
        "PutObjectTagging",
        "RestoreObject",
    ),
    also=frozenset(
        {
            "s3:AbortMultipartUpload",
            "s3:GetBucketLocation",
            "s3:ListBucketMultipartUploads",
            "s3:ListMultipartUploadParts",
        }
    ),
    lookup=("s3:GetEncryptionConfiguration", "s3:ListAllMyBuckets"),
    changed_by=CHANGED_BY,
    conditional=("PutObjectAcl",),
    plain_http=True,
    example={"bucket": "reports", "prefix": "in", "allow": "read-write"},
)
