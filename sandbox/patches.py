"""Where moto does something else than AWS, and its API offers no way to say so."""

import json
import threading
import time
from functools import cache
from typing import Any
from urllib.parse import quote_plus

import jsonpath_ng.ext
from jsonpath_ng.ext.parser import parse as parse_path
from moto import backends
from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaFunction
from moto.core.responses import ActionResult
from moto.iam.access_control import PermissionResult
from moto.s3 import notifications
from moto.s3.models import FakeBucket, S3Backend
from moto.sqs.models import SQSBackend
from moto.sqs.responses import SQSResponse
from moto.stepfunctions.parser.asl.utils import json_path

from sandbox.clock import rfc3339
from sandbox.functions import Throttled
from sandbox.runtime import Runtime


def apply_patches(runtime: Runtime) -> None:
    """Run functions in their own processes, notify as S3 does, and do not dawdle."""
    _run_functions(runtime)
    _notify_as_s3_does(runtime)
    # moto reads a bucket policy without its conditions, and would find TlsOnly to deny everything.
    replace_member(FakeBucket, "get_permission", lambda *_: PermissionResult.NEUTRAL)
    replace_member(SQSResponse, "start_message_move_task", _move_messages)  # moto has none
    replace_member(SQSBackend, "is_message_valid_based_on_retention_period", _is_kept)
    modules = tuple(backends.list_of_moto_modules())  # moto looks at the disk for each request
    replace_member(backends, "list_of_moto_modules", lambda: modules)
    for reader in (jsonpath_ng.ext, json_path):  # and reads each path anew
        replace_member(reader, "parse", cache(parse_path))


def _move_messages(response: Any) -> ActionResult:
    """Move all messages of a dead-letter queue back to where they came from."""
    backend = response.sqs_backend
    name = str(response._get_param("SourceArn")).rsplit(":", 1)[-1]  # noqa: SLF001 (moto's own way)
    (source,) = backend.list_dead_letter_source_queues(name)
    dead = backend.get_queue(name)
    for message in list(dead.messages):
        backend.send_message(source.name, message.body)
        dead._messages.remove(message)  # noqa: SLF001
    return ActionResult({"TaskHandle": name})


def _is_kept(backend: Any, queue_name: str, message: Any) -> bool:
    """Whether a message's time in a queue is not over; moto counts all messages to find out."""
    seconds = backend.get_queue(queue_name).message_retention_period
    return bool(message.sent_timestamp / 1000 + seconds > time.time())


def replace_member(owner: Any, name: str, by: Any) -> None:
    """Put something else in the place of a member of moto's."""
    setattr(owner, name, by)


class _TooManyRequests(LambdaClientError):
    """What Lambda answers above the reserved concurrency."""

    code = 429


def _run_functions(runtime: Runtime) -> None:
    """Instead of a container per invocation, which is what moto would start."""

    def invoke(self: Any, body: Any, request_headers: Any, response_headers: Any) -> bytes:
        if request_headers.get("x-amz-invocation-type") == "DryRun":
            return b""
        function = runtime.functions[self.function_name]
        event = json.loads(body) if body else {}
        if request_headers.get("x-amz-invocation-type") == "Event":
            threading.Thread(target=function.invoke, args=(event,), daemon=True).start()
            return b""
        try:
            answer = function.invoke(event)
        except Throttled as throttled:
            raise _TooManyRequests("TooManyRequestsException", str(throttled)) from throttled
        if "error" not in answer:
            return str(answer["payload"]).encode()
        response_headers["x-amz-function-error"] = "Unhandled"
        return json.dumps(answer["error"]).encode()

    replace_member(LambdaFunction, "invoke", invoke)


def _notify_as_s3_does(runtime: Runtime) -> None:
    """Tell of delete markers and removed versions too, and each time of version and order."""
    delete_object = S3Backend.delete_object

    def described(event: str, bucket: Any, key: Any, notification_id: str) -> dict[str, Any]:
        return {"Records": [_record(event, bucket, key, notification_id, runtime)]}

    def deleting(
        self: Any, bucket_name: str, key_name: str, version_id: str | None = None, **more: Any
    ) -> Any:
        bucket = self.get_bucket(bucket_name)
        before = list(bucket.keys.getlist(key_name) or [])
        done = delete_object(self, bucket_name, key_name, version_id, **more)
        events = notifications.S3NotificationEvent
        if bucket.is_versioned and version_id is None and before:
            event = events.OBJECT_REMOVED_DELETE_MARKER_CREATED_EVENT
            notifications.send_event(self.account_id, event, bucket, bucket.keys[key_name])
        elif bucket.is_versioned and bucket.keys.getlist(key_name):  # else moto has told
            event = events.OBJECT_REMOVED_DELETE_EVENT
            for gone in (key for key in before if str(key.version_id) == version_id):
                notifications.send_event(self.account_id, event, bucket, gone)
        return done

    replace_member(notifications, "_get_s3_event", described)
    replace_member(S3Backend, "delete_object", deleting)


def _record(
    event: str, bucket: Any, key: Any, notification_id: str, runtime: Runtime
) -> dict[str, Any]:
    thing = {"key": quote_plus(key.name), "sequencer": f"{time.time_ns():018X}"}
    if hasattr(key, "etag") and "Created" in event:
        thing |= {"size": key.size, "eTag": key.etag.replace('"', "")}
    if bucket.is_versioned:
        thing["versionId"] = str(key.version_id)
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": bucket.region_name,
        "eventTime": rfc3339(runtime.clock.now()),
        "eventName": event.removeprefix("s3:"),
        "userIdentity": {"principalId": "AWS:SANDBOX"},
        "requestParameters": {"sourceIPAddress": "127.0.0.1"},
        "responseElements": {"x-amz-request-id": "SANDBOX", "x-amz-id-2": "SANDBOX"},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": notification_id,
            "bucket": {
                "name": bucket.name,
                "ownerIdentity": {"principalId": "SANDBOX"},
                "arn": bucket.arn,
            },
            "object": thing,
        },
    }
