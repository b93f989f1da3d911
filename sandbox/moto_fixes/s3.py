"""Fixes of moto's S3."""

import time
from contextvars import ContextVar
from hashlib import md5
from types import SimpleNamespace
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.access_control import PermissionResult
from moto.s3 import notifications
from moto.s3.exceptions import MissingKey
from moto.s3.models import FakeBucket, FakeDeleteMarker, FakeKey, S3Backend
from moto.s3.responses import S3Response

from sandbox.account import ACCOUNT
from sandbox.moto_fixes.replacing import replace_member

caller: ContextVar[str] = ContextVar("caller", default=ACCOUNT)
"""`aws:userid` of whoever makes the request that is at work."""


def store_bucket_policies_only() -> None:
    """Take no decision by bucket policies; moto reads them without their conditions.

    Mends `FakeBucket.get_permission`, moto/s3/models.py:1154, to which a policy that denies
    requests without TLS denies everything.
    """
    replace_member(FakeBucket, "get_permission", lambda *_: PermissionResult.NEUTRAL)


def notify_of_deletes_in_versioned_buckets() -> None:
    """Send events of delete markers and of removed versions.

    Mends `S3Backend.delete_object`, moto/s3/models.py:2942, which sends one only for a bucket
    without versioning, or when the last version of an object goes.
    """
    delete_object = S3Backend.delete_object

    def delete_and_notify(
        self: Any, bucket_name: str, key_name: str, version_id: str | None = None, **more: Any
    ) -> Any:
        bucket = self.get_bucket(bucket_name)
        before = list(bucket.keys.getlist(key_name) or [])
        done = delete_object(self, bucket_name, key_name, version_id, **more)
        events = notifications.S3NotificationEvent
        if bucket.is_versioned and version_id is None and before:
            event = events.OBJECT_REMOVED_DELETE_MARKER_CREATED_EVENT
            notifications.send_event(self.account_id, event, bucket, bucket.keys[key_name])
        elif bucket.is_versioned and bucket.keys.getlist(key_name):  # else moto has sent it
            event = events.OBJECT_REMOVED_DELETE_EVENT
            for gone in (key for key in before if str(key.version_id) == version_id):
                notifications.send_event(self.account_id, event, bucket, gone)
        return done

    replace_member(S3Backend, "delete_object", delete_and_notify)


def describe_events_as_s3_does() -> None:
    """Give each event a version, a sequencer and a caller; events of removals have no size.

    The caller is whose request this thread is at work on (`caller`), else the root of the account.
    Mends `_get_s3_event`, moto/s3/notifications.py:67, which has none of these, and fails for
    delete markers.
    """
    describe = notifications._get_s3_event  # noqa: SLF001 (moto's own way)

    def described(event: str, bucket: Any, key: Any, notification_id: str) -> dict[str, Any]:
        content = key if hasattr(key, "etag") else SimpleNamespace(name=key.name, etag="", size=0)
        told = describe(event, bucket, content, notification_id)
        record = told["Records"][0]
        record["userIdentity"] = {"principalId": f"AWS:{caller.get()}"}
        record["requestParameters"] = {"sourceIPAddress": "127.0.0.1"}
        record["responseElements"] = {"x-amz-request-id": "SANDBOX", "x-amz-id-2": "SANDBOX"}
        record["s3"]["bucket"]["ownerIdentity"] = {"principalId": "SANDBOX"}
        described_object = record["s3"]["object"]
        described_object["sequencer"] = f"{time.time_ns():018X}"
        if bucket.is_versioned:
            described_object["versionId"] = str(key.version_id)
        if "Created" not in event:
            del described_object["size"], described_object["eTag"]
        return told

    replace_member(notifications, "_get_s3_event", described)


def read_contents_one_at_a_time() -> None:
    """Hold the object's lock while its ETag is worked out.

    Mends `FakeKey.etag`, moto/s3/models.py:280, which moves through the buffer that `FakeKey.value`
    reads under that lock: who reads the object at that moment gets nothing, or half of it.
    """

    def etag(self: Any) -> str:
        if self._etag is None:
            self._etag = md5(self.value, usedforsecurity=False).hexdigest()
        return f'"{self._etag}"'

    replace_member(FakeKey, "etag", property(etag))


def tell_of_delete_markers() -> None:
    """Name the delete marker in the 404 that a read of a removed object gets.

    Mends `S3Response.get_object`, moto/s3/responses.py, whose error has no such headers. Amazon S3
    user guide, "Working with delete markers": `x-amz-delete-marker` and `x-amz-version-id`.
    """
    get_object = S3Response.get_object

    def read(self: Any) -> Any:
        try:
            return get_object(self)
        except MissingKey as error:
            bucket, key = self.backend.get_bucket(self.bucket_name), self.parse_key_name()
            newest = (bucket.keys.getlist(key) or [None])[-1]
            status, headers, body = self.serialized(ActionResult(error))
            if isinstance(newest, FakeDeleteMarker):
                told = {"x-amz-delete-marker": "true", "x-amz-version-id": newest.version_id}
                headers = {**headers, **told}
            return status, headers, body

    replace_member(S3Response, "get_object", read)


FIXES = (
    store_bucket_policies_only,
    notify_of_deletes_in_versioned_buckets,
    describe_events_as_s3_does,
    read_contents_one_at_a_time,
    tell_of_delete_markers,
)
