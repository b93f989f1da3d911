"""Fixes of the types of S3."""

import json
from typing import Any

from moto.s3.models import FakeBucket

from sandbox.compute.runtime import Runtime
from sandbox.moto_fixes.cloudformation.types import Declared, Made, created_by_moto


def bucket(runtime: Runtime, declared: Declared) -> Any:
    """A bucket with versioning, notifications, ownership controls, public access block and lock.

    moto's has encryption and tags only: `FakeBucket.create_from_cloudformation_json`,
    moto/s3/models.py:1539.
    """
    properties = declared.properties
    made = created_by_moto(FakeBucket, declared, properties)
    calls = runtime.client("s3", region=declared.region)
    for name, put in (
        ("VersioningConfiguration", calls.put_bucket_versioning),
        ("PublicAccessBlockConfiguration", calls.put_public_access_block),
        ("OwnershipControls", calls.put_bucket_ownership_controls),
    ):
        if name in properties:
            put(Bucket=declared.name, **{name: properties[name]})
    if "ObjectLockConfiguration" in properties:
        made.object_lock_enabled = bool(properties.get("ObjectLockEnabled"))
        calls.put_object_lock_configuration(
            Bucket=declared.name, ObjectLockConfiguration=_lock(properties)
        )
    queues = properties.get("NotificationConfiguration", {}).get("QueueConfigurations", [])
    if queues:
        configuration = {"QueueConfigurations": [_notification(queue) for queue in queues]}
        calls.put_bucket_notification_configuration(
            Bucket=declared.name, NotificationConfiguration=configuration
        )
    return made


def bucket_policy(runtime: Runtime, declared: Declared) -> Made:
    """A bucket policy; moto has no such type."""
    policy = json.dumps(declared.properties["PolicyDocument"])
    runtime.client("s3", region=declared.region).put_bucket_policy(
        Bucket=declared.properties["Bucket"], Policy=policy
    )
    return Made(declared.name)


def _lock(properties: dict[str, Any]) -> dict[str, Any]:
    """A number that a parameter gives is a text in moto's templates."""
    lock = properties["ObjectLockConfiguration"]
    retention = lock["Rule"]["DefaultRetention"]
    return {**lock, "Rule": {"DefaultRetention": {**retention, "Days": int(retention["Days"])}}}


def _notification(queue: dict[str, Any]) -> dict[str, Any]:
    """CloudFormation's names of these properties are not the API's."""
    notification = {"QueueArn": queue["Queue"], "Events": [queue["Event"]]}
    rules = queue.get("Filter", {}).get("S3Key", {}).get("Rules")
    return notification | ({"Filter": {"Key": {"FilterRules": rules}}} if rules else {})
