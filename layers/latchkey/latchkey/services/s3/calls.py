"""The calls by which a partner tries objects in a bucket, and those that change a bucket."""

from collections.abc import Iterator, Mapping
from typing import Any

from latchkey.services.call import PLACEHOLDER, TEST_NAME, Call, Found

CHANGED_BY = (
    "s3:CreateBucket",
    "s3:DeleteBucket",
    "s3:DeleteBucketEncryption",
    "s3:PutBucketEncryption",
)
"""After which a bucket may be gone, there again, or under another key."""

_EMPTY = "an empty object of that name"
_MARKER = "a delete marker, where the bucket keeps versions"
_LISTED = "length(Versions || `[]`)"
_OBJECT = f"{PLACEHOLDER}OBJECT"
_VERSION = f"{PLACEHOLDER}VERSION"


def calls(entry: Mapping[str, Any]) -> Iterator[Call]:
    """The calls of an entry: list, put, get and delete, as far as it allows them.

    Where objects can be read and not put, the one to get is the first that is listed.
    """
    bucket, prefix = {"Bucket": entry["bucket"]}, entry.get("prefix") or ""
    reads, writes = entry["allow"] != "write", entry["allow"] != "read"
    first = {**bucket, **({"Prefix": prefix} if prefix else {}), "MaxKeys": 1}
    listing = _call("list-objects-v2", first, "KeyCount", needs=("s3:ListBucket",))
    test = bucket | {"Key": f"{prefix}{TEST_NAME}"}
    got = test if writes else bucket | {"Key": Found(listing, "Key", "Contents")}
    if reads:
        yield listing
    if writes:
        yield _call("put-object", _owned(entry, test), "ETag", _EMPTY)
    if reads:
        yield _get(got)
    if entry.get("object_tags"):
        yield from _tags(got, reads=reads, writes=writes)
    if reads and writes:
        yield _call("delete-object", test, "DeleteMarker", _MARKER)
    if reads and entry.get("versions"):
        listing = _versions(first)
        found = {name: Found(listing, name, "Versions") for name in ("Key", "VersionId")}
        yield listing
        yield _get(bucket | found, "s3:GetObjectVersion")


def calls_by_action(bucket: str, prefix: str) -> Iterator[Call]:
    """A call for each action on objects that is harmless, where nothing may be listed."""
    one = {"Bucket": bucket, "Key": f"{prefix}{_OBJECT}"}
    old = one | {"VersionId": _VERSION}
    yield _get(one)
    yield _get(old, "s3:GetObjectVersion")
    yield _call("get-object-tagging", one, "length(TagSet)")
    yield _call("get-object-tagging", old, "length(TagSet)", needs=("s3:GetObjectVersionTagging",))
    yield _call(
        "get-object-attributes",
        one | {"ObjectAttributes": ["ObjectSize"]},
        "ObjectSize",
        needs=("s3:GetObject", "s3:GetObjectAttributes"),
    )
    yield _call("get-bucket-location", {"Bucket": bucket}, "LocationConstraint || 'us-east-1'")
    yield _call(
        "list-multipart-uploads",
        {"Bucket": bucket},
        "length(Uploads || `[]`)",
        needs=("s3:ListBucketMultipartUploads",),
    )
    yield _versions({"Bucket": bucket, **({"Prefix": prefix} if prefix else {}), "MaxKeys": 1})


def _owned(entry: Mapping[str, Any], given: Mapping[str, Any]) -> Mapping[str, Any]:
    """With the ACL that an entry asks for."""
    acl = {"ACL": "bucket-owner-full-control"} if entry.get("bucket_owner_full_control") else {}
    return {**given, **acl}


def _tags(given: Mapping[str, Any], *, reads: bool, writes: bool) -> Iterator[Call]:
    """The tags of an object: put on the one that was put before, and read."""
    if writes:
        tags = {"TagSet": [{"Key": TEST_NAME, "Value": "x"}]}
        yield _call("put-object-tagging", {**given, "Tagging": tags}, "VersionId", "a tag on it")
    if reads:
        yield _call("get-object-tagging", given, "length(TagSet)")


def _versions(given: Mapping[str, Any]) -> Call:
    return _call("list-object-versions", given, _LISTED, needs=("s3:ListBucketVersions",))


def _get(given: Mapping[str, Any], action: str = "s3:GetObject") -> Call:
    return Call(
        "s3", "get-object", given, "ContentLength", program="s3api", outfile=True, needs=(action,)
    )


def _call(
    operation: str,
    given: Mapping[str, Any],
    shown: str,
    leaves: str = "",
    needs: tuple[str, ...] = (),
) -> Call:
    return Call("s3", operation, given, shown, leaves, program="s3api", needs=needs)
