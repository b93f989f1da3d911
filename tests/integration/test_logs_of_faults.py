"""What logs tell of input that is none and of errors: what happened, and nothing that was sent."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from botocore.exceptions import ClientError

from latchkey.jobs.intake import NothingStarted
from latchkey.runtime import clients
from tests.integration.log_lines import CONFIG, EXTERNAL_ID, ORDER, Written, assert_clean
from tests.kit.environment import ENVIRONMENT as ANY_ENVIRONMENT
from tests.kit.repository import ROOT
from tests.kit.stack.aws import FILE
from tests.kit.stack.build import ENVIRONMENT
from tests.kit.stack.driver import StackDriver

POISON = (
    "sentinel",
    '"sentinel"',
    '{"Records": "sentinel"}',
    '{"Records": ["sentinel"]}',
    '{"Records": [{"sentinel": 1}]}',
    '{"Records": [{"s3": "sentinel"}]}',
    '{"Records": [{"s3": {"bucket": {"name": "sentinel"}, "object": {"key": ["sentinel"]}}}]}',
    '{"Records": [{"s3": {"bucket": {"name": "sentinel"}, "object": {"key": "sentinel\\ud800"}}}]}',
    '{"sentinel": ',
)


@pytest.mark.parametrize("body", POISON)
def test_poison_message_is_not_written(stack: StackDriver, written: Written, body: str) -> None:
    message = {"messageId": "message-1", "receiptHandle": "h", "body": body, "attributes": {}}
    with pytest.raises(NothingStarted) as raised:
        stack.invoke("intake_config", {"Records": [{**message, "eventSource": "aws:sqs"}]})
    assert_clean(written.text)
    assert [line["message_id"] for line in written.of("failed") if "message_id" in line] == [
        "message-1"
    ]
    assert_clean(str(raised.value))  # which Lambda writes


REQUESTS: list[Any] = [
    None,
    "sentinel",
    ["sentinel"],
    {"sentinel": EXTERNAL_ID},
    {"config": EXTERNAL_ID},
    {"config": CONFIG, "sentinel": 1},
    {"bucket": "sentinel", "key": "sentinel.json"},
    {**ORDER, "action": "sentinel"},
    {**ORDER, "action": "revoke", "reason": {"sentinel": 1}},
]


@pytest.mark.parametrize("request_", REQUESTS, ids=str)
def test_malformed_workflow_input_is_rejected_and_not_written(
    stack: StackDriver, written: Written, request_: Any
) -> None:
    assert stack.run(request_).outcome == "rejected"
    lines = [line | {"result": None} for line in written.lines]  # a key may be the file's
    assert_clean(json.dumps(lines))


@pytest.mark.parametrize("function", ["plan_grant", "grant_access", "record_outcome"])
@pytest.mark.parametrize(
    "event", [{"sentinel": 1}, ["sentinel"], {"execution": "sentinel"}], ids=str
)
def test_malformed_event_is_not_quoted(
    stack: StackDriver, written: Written, function: str, event: Any
) -> None:
    with pytest.raises(Exception, match=r"lacks|has to be") as raised:
        stack.invoke(function, event)
    assert_clean(str(raised.value))
    assert_clean(written.text)
    assert [line["error"] for line in written.of("failed")] == ["EventInvalid"]


def _answering(operation: str, code: str, message: str, status: int = 400) -> Any:
    """A handler of botocore's events that answers every call of an operation with an error."""

    def answer(model: Any, **_: Any) -> Any:
        if model.name != operation:
            return None
        parsed = {
            "Error": {"Code": code, "Message": message},
            "ResponseMetadata": {"HTTPStatusCode": status},
        }
        raise ClientError(parsed, operation)  # type: ignore[arg-type]

    return answer


TROUBLES = [
    ("dynamodb", "BatchGetItem", "InternalServerError", "why"),
    ("dynamodb", "UpdateItem", "AccessDeniedException", "why"),
    ("dynamodb", "TransactWriteItems", "ValidationException", "Value '{all}' at 'x' is wrong"),
    ("iam", "CreateRole", "ValidationError", "1 error: Value '{all}' at 'y' is wrong"),
    ("iam", "PutRolePolicy", "MalformedPolicyDocument", "Syntax errors in policy."),
    ("scheduler", "CreateSchedule", "ValidationException", "Value '{all}' at 'z' is wrong"),
    ("s3", "PutObject", "AccessDenied", "why"),
    ("ssm", "GetParameter", "AccessDeniedException", "why"),
]


@pytest.mark.parametrize(("service", "operation", "code", "message"), TROUBLES)
def test_error_of_aws_is_reported_without_what_was_sent(
    stack: StackDriver, written: Written, service: str, operation: str, code: str, message: str
) -> None:
    stack.upload(**CONFIG)
    events = clients.client(service).meta.events
    trouble = _answering(operation, code, message.replace("{all}", json.dumps(CONFIG)))
    events.register("before-call", trouble)
    state = stack.state(FILE)
    raised = ""
    try:
        for step, result in (("plan_grant", "plan"), ("grant_access", "applied")):
            state[result] = stack.invoke(step, state)
        stack.invoke("record_outcome", state)
    except Exception as error:  # noqa: BLE001 (whatever it is, Lambda writes it)
        raised = str(error)
    finally:
        events.unregister("before-call", trouble)
    assert raised or state["plan"]["outcome"] == "failed"
    assert_clean(written.text)
    assert_clean(raised)
    assert len(written.of("failed")) == bool(raised)


def test_claim_that_cannot_be_read_is_reported_without_the_external_id(
    stack: StackDriver, written: Written
) -> None:
    stack.guard(max_session_duration=3600)  # the claim is looked up beside other problems
    stack.upload(**CONFIG, max_session_duration=7200)
    stack.guard(max_session_duration=3600)
    events = clients.client("dynamodb").meta.events

    def answer(model: Any, params: dict[str, Any], **_: Any) -> None:
        if EXTERNAL_ID.encode() in params["body"]:
            fail(model=model)

    fail = _answering("GetItem", "InternalServerError", "why", 500)
    events.register("before-call", answer)
    try:
        run = stack.run(FILE)
    finally:
        events.unregister("before-call", answer)
    assert str(run.error) == "read EXTERNAL_ID CLAIM: InternalServerError: why"
    assert run.outcome == "failed"
    assert_clean(written.text)


_PROGRAM = """
import json, sys
from types import SimpleNamespace
sys.path.insert(0, sys.argv[1])
from app import handler
context = SimpleNamespace(
    function_name="f", memory_limit_in_mb=1, invoked_function_arn="arn:f", aws_request_id="r"
)
try:
    handler({"sentinel": 1}, context)
except Exception as error:
    print(json.dumps({"errorType": type(error).__name__, "errorMessage": str(error)}))
"""


def test_function_that_fails_writes_nothing_but_json() -> None:
    """Also no warning of Python or Powertools, which pytest keeps from being written."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "layers" / "latchkey")])
    environment = {
        **ANY_ENVIRONMENT,
        **ENVIRONMENT,
        "POWERTOOLS_LOG_LEVEL": "INFO",
        "PYTHONPATH": path,
        "PATH": os.environ["PATH"],
    }
    command = [sys.executable, "-c", _PROGRAM, str(ROOT / "functions" / "plan_grant")]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    own, lambdas = (json.loads(line) for line in (ended.stdout + ended.stderr).splitlines())
    assert (own["message"], own["error"]) == ("failed", "EventInvalid")
    assert lambdas["errorType"] == "EventInvalid"
    assert_clean(json.dumps([own, lambdas]))
