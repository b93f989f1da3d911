"""Drives the workflow's steps in order, as the state machine does, and looks at what is there."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from types import ModuleType, SimpleNamespace
from typing import Any

import boto3
import pytest
from boto3.dynamodb.types import TypeDeserializer
from botocore.exceptions import ClientError

from latchkey import clients
from tests.kit.examples import NOW, config_document
from tests.kit.result_schema import validated

TABLE = "grant-table"
CONFIG_BUCKET = "config-bucket"
RESULTS_BUCKET = "results-bucket"
GROUP = "latchkey-grants"
GUARDRAILS = "/latchkey/guardrails"
KEY = "partners/acme.json"
FILE = {"bucket": CONFIG_BUCKET, "key": KEY}

_plain = TypeDeserializer().deserialize


@cache
def aws(service: str) -> Any:
    """A client of the tests' own, whose calls are not counted; moto answers it."""
    return boto3.client(service)  # type: ignore[call-overload]  # any service


_CONTEXT = SimpleNamespace(
    function_name="f", memory_limit_in_mb=1, invoked_function_arn="arn:f", aws_request_id="r"
)
COUNTED = (
    "dynamodb",
    "events",
    "iam",
    "kms",
    "s3",
    "scheduler",
    "secretsmanager",
    "sns",
    "ssm",
    "stepfunctions",
)
"""The services whose calls are counted."""
_READS = ("Get", "List", "Head", "Describe", "BatchGet")


@dataclass
class Run:
    """What one run of the workflow did: the steps it took, its answer, its calls of AWS."""

    steps: list[str] = field(default_factory=list)
    plan: dict[str, Any] = field(default_factory=dict)
    result: dict[str, Any] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    error: Exception | None = None

    @property
    def outcome(self) -> str:
        """How the run ended."""
        return str(self.result["outcome"])

    @property
    def iam_writes(self) -> list[str]:
        """The calls that changed something in IAM."""
        calls = (call.split(":") for call in self.calls)
        return [name for service, name in calls if service == "iam" and not name.startswith(_READS)]

    @property
    def writes(self) -> list[str]:
        """The calls that changed anything anywhere."""
        return [call for call in self.calls if not call.split(":")[1].startswith(_READS)]

    @property
    def paths(self) -> list[str]:
        """The JSON pointers of the problems."""
        return [problem["path"] for problem in self.result["problems"]]


class House:
    """The stack in one process."""

    def __init__(self, functions: dict[str, ModuleType], patch: pytest.MonkeyPatch) -> None:
        self._functions = functions
        self._patch = patch
        self._number = 0
        self.calls: list[str] = []
        for service in COUNTED:
            events = clients.client(service).meta.events
            events.unregister("before-call", unique_id="house")
            events.register("before-call", self._count, unique_id="house")

    def _count(self, model: Any, **_: Any) -> None:
        self.calls.append(f"{model.service_model.service_name}:{model.name}")

    def invoke(self, function: str, event: Any, now: datetime = NOW) -> Any:
        """Call a function's handler at a time; its answer must be JSON."""
        module = self._functions[function]
        if hasattr(module, "now"):
            self._patch.setattr(module, "now", lambda: now)
        return json.loads(json.dumps(module.handler(json.loads(json.dumps(event)), _CONTEXT)))

    def state(self, request: Any) -> dict[str, Any]:
        """The workflow's state at its start."""
        self._number += 1
        name = f"run-{self._number}"
        arn = f"arn:aws:states:us-east-1:123456789012:execution:w:{name}"
        return {"request": request, "execution": {"id": arn, "name": name}}

    def run(
        self,
        request: Any,
        now: datetime = NOW,
        before: Callable[[str, dict[str, Any]], None] | None = None,
    ) -> Run:
        """Walk the workflow's states; `before` is called with each state's name and input."""
        self.calls.clear()
        run, state = Run(), self.state(request)
        step = "plan_grant"
        try:
            while step:
                run.steps.append(step)
                if before:
                    before(step, state)
                step = self._step(step, state, run, now)
        except Exception as error:  # noqa: BLE001 (as the workflow's Catch does)
            run.error = error
            cause = json.dumps({"errorMessage": str(error), "errorType": type(error).__name__})
            state["error"] = {"Error": type(error).__name__, "Cause": cause}
            run.steps.append("record_failure")
            run.result = state["result"] = validated(self.invoke("record_outcome", state, now))
            run.calls = list(self.calls)
            self._step("tell_outcome", state, run, now)
        run.calls = run.calls or list(self.calls)
        run.told = self.calls[len(run.calls) :]
        return run

    def _step(self, step: str, state: dict[str, Any], run: Run, now: datetime) -> str:
        answer = self.invoke(step, state, now)
        match step:
            case "plan_grant":
                state["plan"] = run.plan = run.result = answer
                following = {"grant": "grant_access", "revoke": "revoke_access", "done": ""}
                return following.get(answer["step"], "record_outcome")
            case "record_outcome":
                state["result"] = run.result = validated(answer)
                run.calls = list(self.calls)
                return "tell_outcome"
            case "tell_outcome":
                return ""
            case _:
                state["applied"] = answer
                return "record_outcome"

    def upload(self, body: bytes | None = None, key: str = KEY, /, **changes: Any) -> str:
        """Put a config file: the valid example with changes, or any bytes; answers its version."""
        data = json.dumps(config_document(**changes)).encode() if body is None else body
        put = aws("s3").put_object(Bucket=CONFIG_BUCKET, Key=key, Body=data)
        return str(put["VersionId"])

    def remove(self, key: str = KEY) -> None:
        """Remove a config file."""
        aws("s3").delete_object(Bucket=CONFIG_BUCKET, Key=key)

    def granted(self, **changes: Any) -> Run:
        """Upload the example, run, and expect it to be granted."""
        self.upload(**changes)
        run = self.run(FILE)
        assert run.outcome == "created", run.result
        return run

    def guard(self, **rules: Any) -> None:
        """Replace the guardrails."""
        text = json.dumps({"version": 1, **rules})
        aws("ssm").put_parameter(Name=GUARDRAILS, Type="String", Value=text, Overwrite=True)

    def role(self, name: str = "partner-acme.main") -> dict[str, Any] | None:
        """The role as IAM has it, or None."""
        try:
            return dict(aws("iam").get_role(RoleName=name)["Role"])
        except ClientError:
            return None

    def permissions(self, name: str = "partner-acme.main") -> Any:
        """The document of the role's policy."""
        iam = aws("iam")
        found = iam.get_role_policy(RoleName=name, PolicyName="latchkey-access")
        return found["PolicyDocument"]

    def item(self, pk: str, sk: str = "STATE") -> dict[str, Any] | None:
        """An item of the grant table, or None."""
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        found = aws("dynamodb").get_item(TableName=TABLE, Key=key)
        return {name: _plain(v) for name, v in found["Item"].items()} if "Item" in found else None

    def grant(self, name: str = "acme.main") -> dict[str, Any]:
        """The STATE item of a grant, which has to be there."""
        item = self.item(f"GRANT#{name}")
        assert item is not None, f"no STATE of {name}"
        return item

    def items(self) -> list[dict[str, Any]]:
        """All items of the grant table."""
        found = aws("dynamodb").scan(TableName=TABLE)["Items"]
        return [{name: _plain(value) for name, value in item.items()} for item in found]

    def history(self, name: str = "acme.main") -> list[str]:
        """The facts of a grant, in the order of their keys."""
        mine = [item for item in self.items() if item["pk"] == f"GRANT#{name}"]
        mine.sort(key=lambda item: item["sk"])
        return [item["event"] for item in mine if item["sk"].startswith("EVENT#")]

    def result(self, key: str = "partners/acme.result.json") -> dict[str, Any]:
        """A result file."""
        body = aws("s3").get_object(Bucket=RESULTS_BUCKET, Key=key)["Body"]
        found: dict[str, Any] = json.loads(body.read())
        return found

    def text(self, key: str) -> str | None:
        """A text in the results bucket, or None."""
        try:
            body = aws("s3").get_object(Bucket=RESULTS_BUCKET, Key=key)["Body"]
        except ClientError:
            return None
        return str(body.read().decode())

    def events(self) -> list[dict[str, Any]]:
        """The events on the bus so far, as a rule hands them on."""
        return [json.loads(body) for body in _received("events")]

    def notices(self) -> list[dict[str, Any]]:
        """The messages of the topic so far, as SNS hands them to a queue."""
        return [json.loads(body) for body in _received("notices")]

    def schedules(self) -> list[str]:
        """The names of all schedules."""
        found = aws("scheduler").list_schedules(GroupName=GROUP)["Schedules"]
        return [schedule["Name"] for schedule in found]

    def started(self) -> list[dict[str, Any]]:
        """The inputs of all executions that functions started."""
        return list(self.executions().values())

    def end_runs(self) -> None:
        """End all executions that functions started: from now on their names are taken."""
        states = aws("stepfunctions")
        machine = states.list_state_machines()["stateMachines"][0]["stateMachineArn"]
        for run in states.list_executions(stateMachineArn=machine)["executions"]:
            states.stop_execution(executionArn=run["executionArn"])

    def executions(self) -> dict[str, dict[str, Any]]:
        """The same, by the executions' names."""
        states = aws("stepfunctions")
        machine = states.list_state_machines()["stateMachines"][0]["stateMachineArn"]
        runs = states.list_executions(stateMachineArn=machine)["executions"]
        described = [states.describe_execution(executionArn=run["executionArn"]) for run in runs]
        return {run["name"]: json.loads(run["input"]) for run in described}


def _received(queue: str) -> list[str]:
    """The bodies of all messages in a queue, which are taken out of it."""
    sqs = aws("sqs")
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    found: list[str] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [message["Body"] for message in messages]
    return found
