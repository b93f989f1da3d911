"""Where moto does something else than AWS, and its API offers no way to say so."""

import copy
import json
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import quote_plus

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaFunction
from moto.core.responses import ActionResult
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.iam.access_control import PermissionResult
from moto.s3 import notifications
from moto.s3.models import FakeBucket, S3Backend
from moto.sqs.responses import SQSResponse
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.program import program
from moto.stepfunctions.parser.asl.component.state.exec import execute_state
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration import (
    inline_iteration_component,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_callback as waiting,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_sfn as nested,
)
from moto.stepfunctions.parser.asl.eval import states
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.utils.boto_client import boto_client_for
from moto.stepfunctions.parser.backend import execution_worker
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from sandbox.clock import rfc3339
from sandbox.functions import Throttled
from sandbox.paging import page_account_details
from sandbox.runtime import Runtime

LONGEST_RETRY_WAIT = 1.0  # seconds; workflows that retry for minutes are no fun to wait for
MOST_RETRIES = 40  # a second: of a thousand that wait for their turn, each waits for longer


def apply_patches(runtime: Runtime) -> None:
    """Run functions in their own processes, notify as S3 does, and do not dawdle."""
    _run_functions(runtime)
    _notify_as_s3_does(runtime)
    # moto reads a bucket policy without its conditions, and would find TlsOnly to deny everything.
    _replace(FakeBucket, "get_permission", lambda *_: PermissionResult.NEUTRAL)
    _interpret_as_step_functions_does(runtime)
    transact_in_good_time()
    page_account_details()
    _replace(SQSResponse, "start_message_move_task", _move_messages)  # moto has none


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


def _replace(owner: Any, name: str, by: Any) -> None:
    """Put something else in the place of a member of moto's."""
    setattr(owner, name, by)


def _interpret_as_step_functions_does(runtime: Runtime) -> None:
    """Without this, executions have no name of their own, and a start time that is no text.

    And steps would be called over HTTP, throttling be `Exception`, the definition be parsed for
    each execution, and each step's thread be kept for good, with all that it worked on: a thousand
    executions would have no room for more.
    """
    start_execution = StepFunctionsParserBackend.start_execution
    data = states.ExecutionData

    def starting(self: Any, arn: str, name: str | None = None, *rest: Any, **more: Any) -> Any:
        return start_execution(self, arn, name or str(uuid.uuid4()), *rest, **more)

    def described(**given: Any) -> Any:
        return data(**{**given, "StartTime": rfc3339(given["StartTime"])})

    _replace(StepFunctionsParserBackend, "start_execution", starting)
    _replace(execution_worker, "ExecutionData", described)

    def calling(env: Any, parameters: Any, **_: Any) -> None:
        function = runtime.functions[parameters["FunctionName"].rsplit(":", 1)[-1]]
        try:
            answer = function.invoke(json.loads(parameters["Payload"]))
        except Throttled as throttled:
            error = "Lambda.TooManyRequestsException"
            answer = {"error": {"errorType": error, "errorMessage": str(throttled)}}
        if "error" in answer:
            text = json.dumps(answer["error"])
            raise lambda_eval_utils.LambdaFunctionErrorException("Unhandled", text)
        env.stack.append({"StatusCode": 200, "Payload": json.loads(answer["payload"])})

    _replace(lambda_eval_utils, "execute_lambda_function_integration", calling)
    _replace(
        AmazonStateLanguageParser, "parse", staticmethod(cache(AmazonStateLanguageParser.parse))
    )
    _replace(retrier_decl, "time", _ShortWaits())
    for keeper in (execution_worker, program, execute_state, inline_iteration_component):
        _replace(keeper, "TMP_THREADS", deque(maxlen=0))
    _start_executions_from_executions()


def _start_executions_from_executions() -> None:
    """Name what goes in and out as each side does; moto leaves it as it is, and nothing starts."""
    service = nested.StateTaskServiceSfn
    normalise = service._normalise_parameters  # noqa: SLF001 (moto's own way)

    def given(self: Any, parameters: dict[str, Any], **more: Any) -> None:
        normalise(self, parameters=parameters, **more)
        _rename(parameters, str.lower)

    def answered(_: Any, response: dict[str, Any], **__: Any) -> None:
        _rename(response, str.upper)

    _replace(service, "_normalise_parameters", given)
    _replace(service, "_normalise_response", answered)
    client = boto_client_for(region="us-east-1", service="stepfunctions")
    _replace(nested, "boto_client_for", lambda **_: client)
    _replace(waiting, "_DELAY_SECONDS_SYNC_CONDITION_CHECK", 0.1)


def _rename(members: dict[str, Any], first: Callable[[str], str]) -> None:
    for name in list(members):
        members[first(name[0]) + name[1:]] = members.pop(name)


class _ShortWaits:
    """Stands for the `time` that the interpreter's retries wait by."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting = 0

    def sleep(self, seconds: float) -> None:
        """Wait, but not for long, unless many others do."""
        self._count(1)
        time.sleep(min(seconds, LONGEST_RETRY_WAIT * max(1.0, self._waiting / MOST_RETRIES)))
        self._count(-1)

    def _count(self, step: int) -> None:
        with self._lock:
            self._waiting += step


class _TooManyRequests(LambdaClientError):
    """What Lambda answers above the reserved concurrency."""

    code = 429


def transact_in_good_time() -> None:
    """Keep a copy of what a transaction writes; moto copies the whole table for each write."""
    transact = DynamoDBBackend.transact_write_items

    def transacting(self: Any, transact_items: Any) -> None:
        _replace(Table, "__deepcopy__", lambda table, _: _with_copies(table, transact_items))
        try:
            transact(self, transact_items)
        finally:
            delattr(Table, "__deepcopy__")

    _replace(DynamoDBBackend, "transact_write_items", transacting)


def _with_copies(table: Any, transact_items: Any) -> Any:
    twin = copy.copy(table)
    twin.items = copy.copy(table.items)
    for write in (write for item in transact_items for write in item.values()):
        key = DynamoType(write.get("Key", write.get("Item"))[table.hash_key_attr])
        if write["TableName"] == table.name and key in table.items:
            twin.items[key] = copy.deepcopy(table.items[key])
    return twin


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

    _replace(LambdaFunction, "invoke", invoke)


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

    _replace(notifications, "_get_s3_event", described)
    _replace(S3Backend, "delete_object", deleting)


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
