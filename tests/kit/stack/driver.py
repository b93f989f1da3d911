"""Drives the workflow's steps in order, as the state machine does."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from latchkey.grants.plan import GrantPlan
from latchkey.runtime import clients
from latchkey.runtime.wiring import steps
from latchkey.runtime.wiring.steps import notify_step, record_step
from latchkey.workflow.events import NotifyEvent, Planned
from latchkey.workflow.result import result_of
from tests.kit.examples import ACCOUNT, NOW, config_document
from tests.kit.result_schema import validated
from tests.kit.stack.aws import CONFIG_BUCKET, FILE, GUARDRAILS, KEY, aws
from tests.kit.stack.contents import Contents
from tests.kit.stack.run import Run
from tests.kit.stack.spokes import Spokes

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
    "sts",
)
"""The services whose calls are counted."""


_SPOKE_ROLES = {
    "plan_grant": "plan",
    "grant_access": "grant",
    "revoke_access": "revoke",
    "check_drift": "check",
}
"""A variable of the functions that each has its own value of, as the template says."""

_PAUSE = timedelta(microseconds=1)
"""What passes while a function pauses: no two things that it does are at the very same time."""

_SEEN: set[tuple[str, str]] = set()
"""Events of botocore with a handler of a stack; clients outlive stacks."""


class StackDriver(Contents):
    """The stack in one process; configs name `account`, if it is not the stack's own.

    `spokes` are the accounts beside it, for stacks that have some.
    """

    def __init__(
        self,
        functions: dict[str, ModuleType],
        patch: pytest.MonkeyPatch,
        account: str = ACCOUNT,
        spokes: Spokes | None = None,
    ) -> None:
        self.account, self._spokes = account, spokes
        self._functions = functions
        self._patch = patch
        self._number = 0
        self._pauses: list[int] = []
        patch.setattr(steps, "_pause", self._pauses.append)
        self.calls: list[str] = []
        self.rewritten = False
        for service in COUNTED:
            events = clients.client(service).meta.events
            events.unregister("before-call", unique_id="stack")
            events.register("before-call", self._count, unique_id="stack")
        while _SEEN:
            service, event = _SEEN.pop()
            clients.client(service).meta.events.unregister(event, unique_id=event)
        if spokes:
            spokes.made.append(self._counting)
            for event, handler in spokes.handlers().items():
                self.sees("sts", event, handler)

    @property
    def spokes(self) -> Spokes:
        """The accounts beside the stack's, which has to have some."""
        assert self._spokes, "this stack has no other accounts"
        return self._spokes

    @property
    def accounts(self) -> set[str]:
        """The accounts that its grants may be in."""
        return {ACCOUNT, self.account, *(self._spokes.enrolled if self._spokes else ())}

    def hears_of_clients(self, hear: Callable[[str, str, Any], None]) -> None:
        """Have something told of each client of a session in another account."""
        if self._spokes:
            self._spokes.made.append(hear)

    def _counting(self, _: str, service: str, client: Any) -> None:
        if service in COUNTED:
            client.meta.events.register("before-call", self._count)

    def sees(self, service: str, event: str, handler: Callable[..., Any]) -> None:
        """Have botocore's events of a service's client handled, until there is another stack."""
        events = clients.client(service).meta.events
        events.unregister(event, unique_id=event)
        events.register(event, handler, unique_id=event)
        _SEEN.add((service, event))

    def _count(self, model: Any, **_: Any) -> None:
        self.calls.append(f"{model.service_model.service_name}:{model.name}")

    def invoke(self, function: str, event: Any, now: datetime = NOW) -> Any:
        """Call a function's handler at a time; its answer must be JSON."""
        module = self._functions[function]
        self._patch.setenv("SPOKE_ROLE", _SPOKE_ROLES.get(function, "none"))
        self._pauses.clear()
        if hasattr(module, "now"):
            self._patch.setattr(module, "now", lambda: now + len(self._pauses) * _PAUSE)
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
            self._fail(error, state, run, now)
        run.calls = run.calls or list(self.calls)
        run.notify_calls = self.calls[len(run.calls) :]
        return run

    def _fail(self, error: Exception, state: dict[str, Any], run: Run, now: datetime) -> None:
        run.error = error
        if "plan" in state:  # as in the workflow, where only Plan knows the input
            state.pop("request", None)
        cause = json.dumps({"errorMessage": str(error), "errorType": type(error).__name__})
        state["error"] = {"Error": type(error).__name__, "Cause": cause}
        run.steps.append("record_failure")
        state["result"] = self.invoke("record_outcome", state, now)
        run.calls = list(self.calls)
        run.result = self.whole_result(state)
        self._step("notify_outcome", state, run, now)

    def _step(self, step: str, state: dict[str, Any], run: Run, now: datetime) -> str:
        answer = self.invoke(step, state, now)
        match step:
            case "plan_grant":
                state["plan"] = run.result = answer
                run.plan = self.whole_plan(state)
                following = {"grant": "grant_access", "revoke": "revoke_access", "done": ""}
                return following.get(answer["step"], "record_outcome")
            case "record_outcome":
                state["result"] = answer
                run.calls = list(self.calls)
                run.result = self.whole_result(state)
                return "notify_outcome"
            case "notify_outcome":
                return ""
            case _:
                state["applied"] = answer
                return "record_outcome"

    def whole_plan(self, state: dict[str, Any]) -> dict[str, Any]:
        """The plan that a state refers to, as JSON data; nothing where there was nothing to do."""
        before, planned = list(self.calls), Planned.read(state["plan"])
        if planned.stored is None:
            return dict(state["plan"])
        plan = record_step().data.plan(planned, state["execution"]["name"])
        self.calls[:] = before
        return plan.document()

    def with_plan(self, state: dict[str, Any], /, **changes: Any) -> dict[str, Any]:
        """The state with another plan stored for it, changed as JSON data."""
        data, run = record_step().data, state["execution"]["name"]
        plan = GrantPlan.from_document({**self.whole_plan(state), **changes})
        return {**state, "plan": data.keep_plan(plan, run, NOW).document()}

    def whole_result(self, state: dict[str, Any]) -> dict[str, Any]:
        """The result that a state refers to; where it has no file, what plan and changes say."""
        before = list(self.calls)
        event = NotifyEvent.read(state)
        plan, applied = notify_step().data.to_record(event, NOW)
        self.calls[:] = before
        return validated(json.loads(json.dumps(result_of(plan, applied).document())))

    def upload(self, body: bytes | None = None, key: str = KEY, /, **changes: Any) -> str:
        """Put a config file: the valid example with changes, or any bytes; answers its version."""
        data = json.dumps(config_document(**changes)).encode() if body is None else body
        if self.account != ACCOUNT:
            data = _in(self.account, data)
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
        listed = sorted(self.accounts - {ACCOUNT})
        there = {"allowed_accounts": listed} if listed else {}
        text = json.dumps({"version": 1, **there, **rules})
        aws("ssm").put_parameter(Name=GUARDRAILS, Type="String", Value=text, Overwrite=True)


def _in(account: str, body: bytes) -> bytes:
    """A config of a grant in another account; what is no config stays as it is."""
    try:
        config = json.loads(body)
    except ValueError:
        return body
    return json.dumps({"account": account, **config}).encode() if isinstance(config, dict) else body
