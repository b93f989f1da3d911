"""What logs and metrics tell: which run did what for whom, and never what was granted or how."""

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from latchkey import clients
from latchkey.observability import logger
from latchkey.use_cases.intake import NothingStarted
from tests.kit.environment import ENVIRONMENT as ANY_ENVIRONMENT
from tests.kit.repository import ROOT
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.build import ENVIRONMENT
from tests.kit.stack.driver import House
from tests.kit.stack.run import Run

EXTERNAL_ID = "sentinel-external-id-7f3b2c91"
SECRET = "sentinel-secret"
BUCKET = "data-bucket"
CONFIG: dict[str, Any] = {
    "external_id": EXTERNAL_ID,
    "purpose": "Sentinel purpose",
    "owner": "sentinel-owner",
    "tags": {"sentinel-tag": "sentinel-value"},
    "source_ips": ["203.0.113.0/24"],
    "access": [
        {"service": "secretsmanager", "secret": SECRET, "allow": "read"},
        {"service": "s3", "bucket": BUCKET, "prefix": "sentinel-prefix", "allow": "read"},
    ],
}
SECRETS = ("sentinel", "203.0.113", BUCKET)
"""In any case of letters; no line may have them, nor a word of a policy."""
DOCUMENTS = ("statement", "sts:", "secretsmanager:", "principals", "latchkey:")
ORDER = {"partner": "acme", "grant": "main"}
EXPIRY = datetime(2030, 1, 1, tzinfo=UTC)
REASON = f"the partner wrote that it is {EXTERNAL_ID}"


class Written:
    """All that was written so far, as a log group would have it."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys, self._text = capsys, ""

    @property
    def text(self) -> str:
        """As it stands."""
        self._text += "".join(self._capsys.readouterr())
        return self._text

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Each line, which has to be one JSON object."""
        found = [json.loads(line) for line in self.text.splitlines()]
        assert all(isinstance(line, dict) for line in found)
        return found

    def of(self, message: str) -> list[dict[str, Any]]:
        """The log lines with a message."""
        return [line for line in self.lines if line.get("message") == message]

    def metrics(self) -> set[str]:
        """The names of the metrics."""
        sets = [m for line in self.lines for m in line.get("_aws", {}).get("CloudWatchMetrics", [])]
        return {metric["Name"] for found in sets for metric in found["Metrics"]}


class _Stdout:
    """Standard output as it is when something is written: pytest puts others in its place."""

    def write(self, text: str) -> None:
        sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()


@pytest.fixture
def written(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Written]:
    """What the Logger and `print`, which is how metrics leave, write at INFO."""
    aws("secretsmanager").create_secret(Name=SECRET, SecretString="sentinel-content")
    for handler in logger.handlers:
        monkeypatch.setattr(handler, "stream", _Stdout())
    before = logger.log_level
    logger.setLevel(logging.INFO)
    yield Written(capsys)
    logger.setLevel(before)


def _create(house: House) -> Run:
    house.upload(**CONFIG)
    return house.run(FILE)


def _generated(house: House) -> Run:
    ours = {name: value for name, value in CONFIG.items() if name != "external_id"}
    house.upload(json.dumps(_document(**ours)).encode())
    return house.run(FILE)


def _document(**fields: Any) -> dict[str, Any]:
    return {
        "version": 1,
        "partner": "acme",
        "generate_external_id": True,
        "principals": ["444455556666"],
        "expires_at": "2030-01-01T00:00:00Z",
        **fields,
    }


def _inline(house: House) -> Run:
    document = _document(**CONFIG)
    del document["generate_external_id"]
    return house.run({"config": document, "reason": REASON})


def _dry(house: House) -> Run:
    house.upload(**CONFIG)
    return house.run({**FILE, "dry_run": True})


def _update(house: House) -> Run:
    _create(house)
    house.upload(**{**CONFIG, "external_id": f"{EXTERNAL_ID}-2"})
    return house.run(FILE)


def _unchanged(house: House) -> Run:
    _create(house)
    return house.run(FILE)


def _order(action: str) -> Callable[[House], Run]:
    def run(house: House) -> Run:
        _create(house)
        return house.run({**ORDER, "action": action, "reason": REASON})

    return run


def _resume(house: House) -> Run:
    _order("suspend")(house)
    return house.run({**ORDER, "action": "resume", "reason": REASON})


def _remove(house: House) -> Run:
    _create(house)
    house.remove()
    return house.run(FILE)


def _expire(house: House) -> Run:
    _create(house)
    return house.run({**ORDER, "action": "check", "reason": "expiry schedule"}, EXPIRY)


def _rejected(house: House) -> Run:
    house.upload(**{**CONFIG, "principals": ["*"], "sentinel-field": 1})
    return house.run(FILE)


def _no_json(house: House) -> Run:
    house.upload(json.dumps(CONFIG).encode()[:-9])
    return house.run(FILE)


def _foreign_role(house: House) -> Run:
    aws("iam").create_role(RoleName="partner-acme.main", AssumeRolePolicyDocument="{}")
    return _create(house)


OPERATIONS: dict[str, tuple[Callable[[House], Run], str]] = {
    "create": (_create, "created"),
    "create with a generated external ID": (_generated, "created"),
    "create by workflow input": (_inline, "created"),
    "dry run": (_dry, "planned"),
    "update": (_update, "updated"),
    "unchanged": (_unchanged, "unchanged"),
    "suspend": (_order("suspend"), "suspended"),
    "resume": (_resume, "updated"),
    "revoke": (_order("revoke"), "revoked"),
    "remove the file": (_remove, "revoked"),
    "expire": (_expire, "expired"),
    "reject": (_rejected, "rejected"),
    "reject what is no JSON": (_no_json, "rejected"),
    "fail": (_foreign_role, "failed"),
}


def _assert_clean(text: str, *more: str) -> None:
    lowered = text.lower()
    assert [word for word in (*SECRETS, *DOCUMENTS, *more) if word.lower() in lowered] == []


def _external_ids(house: House) -> list[str]:
    """Those in the table: also the ones that Latchkey made."""
    return [item["external_id"] for item in house.items() if item.get("external_id")]


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_operation_writes_what_it_is_about(house: House, written: Written, name: str) -> None:
    operate, outcome = OPERATIONS[name]
    run = operate(house)
    assert run.outcome == outcome
    assert written.lines
    _assert_clean(written.text, *_external_ids(house))


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_line_says_which_run_and_which_grant(
    house: House, written: Written, name: str
) -> None:
    operate, _ = OPERATIONS[name]
    operate(house)
    named = name != "reject what is no JSON"
    for line in written.lines:
        assert line["execution"].startswith("run-")
        assert line.get("grant") == ("acme.main" if named else None)
        assert line["service"] == "latchkey"


def test_record_says_how_it_ended_and_where_to_read_on(house: House, written: Written) -> None:
    _foreign_role(house)
    (line,) = written.of("recorded")
    found = (line["outcome"], line["error"], line["result"])
    assert found == ("failed", "RoleNotOwned", "partners/acme.result.json")
    assert "OutcomeFailed" in written.metrics()


def test_failed_step_says_so_with_the_run_and_the_class_of_the_error(
    house: House, written: Written
) -> None:
    _foreign_role(house)
    (line,) = written.of("failed")
    found = (line["level"], line["error"], line["execution"], line["grant"])
    assert found == ("ERROR", "RoleNotOwned", "run-1", "acme.main")


def test_sweep_says_which_grants_and_nothing_else(house: House, written: Written) -> None:
    _create(house)
    house.invoke("sweep_grants", {"sentinel": EXTERNAL_ID}, EXPIRY)
    _assert_clean(written.text)
    (line,) = written.of("swept")
    assert line["grants"]["due"] == ["acme.main"]
    assert "GrantsDue" in written.metrics()


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
def test_poison_message_is_not_written(house: House, written: Written, body: str) -> None:
    message = {"messageId": "message-1", "receiptHandle": "h", "body": body, "attributes": {}}
    with pytest.raises(NothingStarted) as raised:
        house.invoke("intake_config", {"Records": [{**message, "eventSource": "aws:sqs"}]})
    _assert_clean(written.text)
    assert [line["message_id"] for line in written.of("failed") if "message_id" in line] == [
        "message-1"
    ]
    _assert_clean(str(raised.value))  # which Lambda writes


def test_started_runs_are_named(house: House, written: Written) -> None:
    where = {"bucket": {"name": "config-bucket"}, "object": {"key": "partners/acme.json"}}
    body = json.dumps({"Records": [{"s3": where}], "sentinel": EXTERNAL_ID})
    message = {"messageId": "message-1", "receiptHandle": "h", "body": body, "attributes": {}}
    house.invoke("intake_config", {"Records": [{**message, "eventSource": "aws:sqs"}]})
    _assert_clean(written.text)
    (line,) = written.of("runs started")
    assert line["message_id"] == "message-1"
    assert line["runs"] == list(house.executions())


# ------------------------------------------------------- what Lambda writes when a function raises

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
    house: House, written: Written, request_: Any
) -> None:
    assert house.run(request_).outcome == "rejected"
    lines = [line | {"result": None} for line in written.lines]  # a key may be the file's
    _assert_clean(json.dumps(lines))


@pytest.mark.parametrize("function", ["plan_grant", "grant_access", "record_outcome"])
@pytest.mark.parametrize(
    "event", [{"sentinel": 1}, ["sentinel"], {"execution": "sentinel"}], ids=str
)
def test_malformed_event_is_not_quoted(
    house: House, written: Written, function: str, event: Any
) -> None:
    with pytest.raises(Exception, match=r"lacks|has to be") as raised:
        house.invoke(function, event)
    _assert_clean(str(raised.value))
    _assert_clean(written.text)
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
def test_error_of_aws_is_told_without_what_was_sent(
    house: House, written: Written, service: str, operation: str, code: str, message: str
) -> None:
    house.upload(**CONFIG)
    events = clients.client(service).meta.events
    trouble = _answering(operation, code, message.replace("{all}", json.dumps(CONFIG)))
    events.register("before-call", trouble)
    state = house.state(FILE)
    raised = ""
    try:
        for step, result in (("plan_grant", "plan"), ("grant_access", "applied")):
            state[result] = house.invoke(step, state)
        house.invoke("record_outcome", state)
    except Exception as error:  # noqa: BLE001 (whatever it is, Lambda writes it)
        raised = str(error)
    finally:
        events.unregister("before-call", trouble)
    assert raised or state["plan"]["outcome"] == "failed"
    _assert_clean(written.text)
    _assert_clean(raised)
    assert len(written.of("failed")) == bool(raised)


def test_claim_that_cannot_be_read_is_told_without_the_external_id(
    house: House, written: Written
) -> None:
    house.guard(max_session_duration=3600)  # the claim is looked up beside other problems
    house.upload(**CONFIG, max_session_duration=7200)
    house.guard(max_session_duration=3600)
    events = clients.client("dynamodb").meta.events

    def answer(model: Any, params: dict[str, Any], **_: Any) -> None:
        if EXTERNAL_ID.encode() in params["body"]:
            fail(model=model)

    fail = _answering("GetItem", "InternalServerError", "why", 500)
    events.register("before-call", answer)
    try:
        run = house.run(FILE)
    finally:
        events.unregister("before-call", answer)
    assert str(run.error) == "read EXTERNAL_ID CLAIM: InternalServerError: why"
    assert run.outcome == "failed"
    _assert_clean(written.text)


# ------------------------------------------------------------------------------- as Lambda runs it

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
    _assert_clean(json.dumps([own, lambdas]))


def test_nothing_secret_is_written_at_debug_either(
    house: House, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lambda gives the root logger the level DEBUG then, and with it all libraries."""
    root, stream = logging.getLogger(), io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr(root, "handlers", [logging.StreamHandler(stream)])
        before = root.level
        root.setLevel(logging.DEBUG)
        logger.setLevel(logging.DEBUG)
        try:
            _order("revoke")(house)
        finally:
            root.setLevel(before)
            logger.setLevel(logging.INFO)
    assert stream.getvalue(), "libraries do write at DEBUG"
    _assert_clean(stream.getvalue() + written.text, *_external_ids(house))
