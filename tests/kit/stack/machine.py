"""The grant workflow as Step Functions runs it: the states, retries and catches of its definition.

Only what the definition uses is there; anything else is an error. Waits between retries pass in
no time, on the clock that is handed in.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.kit.repository import ROOT

DEFINITION = ROOT / "statemachine/grant_workflow.asl.json"
RECONCILE = ROOT / "statemachine/reconcile_workflow.asl.json"
Task = Callable[[str, Any], Any]

_SHARED = {"plan_order": "plan_grant", "suspend_access": "grant_access"}
"""Functions that have the code of another, by the template's `CodeUri`."""

_FUNCTION = re.compile(r"\$\{(\w+)FunctionArn\}")
_MATH_ADD = re.compile(r"States\.MathAdd\((\$[\w.]*), (-?\d+)\)")


class TaskFailed(Exception):
    """A task's function answered with an error, or its process ended (`Runtime.ExitError`)."""

    def __init__(self, error: str, message: str = "") -> None:
        super().__init__(error, message)
        self.document = {
            "Error": error,
            "Cause": json.dumps({"errorType": error, "errorMessage": message}),
        }

    @property
    def error(self) -> str:
        """The name that Retry and Catch match."""
        return str(self.document["Error"])


@dataclass
class Execution:
    """One execution: what it was started with, and how it ended."""

    arn: str
    name: str
    input: Any
    started: str = ""
    status: str = "RUNNING"
    output: Any = None
    cause: str = ""
    steps: list[str] = field(default_factory=list)
    attempts: int = 0

    @property
    def failed(self) -> bool:
        """Whether it ended, and not well."""
        return self.status == "FAILED"


class StateMachine:
    """Runs executions; `task` calls a function, `wait` lets seconds pass."""

    def __init__(self, task: Task, wait: Callable[[float], None]) -> None:
        self._task, self._wait = task, wait
        self._definition = json.loads(DEFINITION.read_text(encoding="utf-8"))

    def run(self, execution: Execution) -> Execution:
        """Run an execution to its end."""
        name: str | None = self._definition["StartAt"]
        state = execution.input
        while name:
            execution.steps.append(name)
            name, state = self._step(self._definition["States"][name], state, execution)
        execution.output = state
        return execution

    def _step(self, spec: dict[str, Any], state: Any, execution: Execution) -> tuple[Any, Any]:
        match spec["Type"]:
            case "Pass":
                given = _find(spec.get("InputPath", "$"), state)
                if "Parameters" in spec:
                    given = _parameters(spec["Parameters"], state, _context(execution))
                return spec["Next"], _placed(spec.get("ResultPath", "$"), state, given)
            case "Choice":
                context = _context(execution)
                chosen = (rule["Next"] for rule in spec["Choices"] if _holds(rule, state, context))
                return next(chosen, spec["Default"]), state
            case "Succeed":
                execution.status = "SUCCEEDED"
                return None, _find(spec.get("OutputPath", "$"), state)
            case "Fail":
                execution.status = "FAILED"
                execution.cause = _cause(spec, state)
                return None, spec.get("Error") or _find(spec["ErrorPath"], state)
            case "Task":
                return self._attempts(spec, state, execution)
            case other:
                raise NotImplementedError(other)

    def _attempts(self, spec: dict[str, Any], state: Any, execution: Execution) -> tuple[Any, Any]:
        found = _FUNCTION.fullmatch(spec["Resource"])
        assert found, spec["Resource"]
        function = re.sub(r"(?<!^)(?=[A-Z])", "_", found[1]).lower()
        function = _SHARED.get(function, function)
        left = {id(retry): retry["MaxAttempts"] for retry in spec["Retry"]}
        retries = 0
        while True:
            execution.attempts += 1
            given = state
            if "Parameters" in spec:
                context = {**_context(execution), "State": {"RetryCount": retries}}
                given = _parameters(spec["Parameters"], state, context)
            try:
                answer = self._task(function, given)
            except TaskFailed as failed:
                retry = next((r for r in spec["Retry"] if _matches(r, failed.error)), None)
                if retry and left[id(retry)]:
                    done = retry["MaxAttempts"] - left[id(retry)]
                    left[id(retry)] -= 1
                    retries += 1
                    self._wait(_delay(retry, done))
                    continue
                catch = next(c for c in spec["Catch"] if _matches(c, failed.error))
                return catch["Next"], _placed(catch["ResultPath"], state, failed.document)
            return spec["Next"], _placed(spec["ResultPath"], state, answer)


def reconciliation(given: Any) -> Any:
    """What the reconcile workflow starts the grant workflow with; None if it starts nothing."""
    states = json.loads(RECONCILE.read_text(encoding="utf-8"))["States"]
    choice = states["ChooseRequest"]
    chosen = (rule["Next"] for rule in choice["Choices"] if _holds(rule, given, {}))
    task = states[next(chosen, choice["Default"])]
    if task["Type"] == "Wait":
        task = states[task["Next"]]
    if task["Type"] == "Fail":
        return None
    return _parameters(task["Parameters"]["Input"], given, {})


def _delay(retry: dict[str, Any], done: int) -> float:
    """Full jitter waits half of the bound on average."""
    bound = retry["IntervalSeconds"] * retry["BackoffRate"] ** done
    return float(min(bound, retry["MaxDelaySeconds"])) / 2


def _matches(rule: dict[str, Any], error: str) -> bool:
    names = rule["ErrorEquals"]
    return error in names or "States.ALL" in names


def _context(execution: Execution) -> dict[str, Any]:
    return {
        "Execution": {
            "Id": execution.arn,
            "Name": execution.name,
            "StartTime": execution.started,
            "Input": execution.input,
        }
    }


def _cause(spec: dict[str, Any], state: Any) -> str:
    """What the cause of a failure is made of, without the words between."""
    paths = re.findall(r"\$[.\w]+", spec.get("CausePath", ""))
    return " ".join([spec.get("Cause", ""), *(str(_find(path, state)) for path in paths)])


def _find(path: str, state: Any) -> Any:
    for part in path.split(".")[1:]:
        state = state[part]
    return state


def _parameters(spec: Any, state: Any, context: Any) -> Any:
    if not isinstance(spec, dict):
        return spec
    return {
        key.removesuffix(".$"): _value(value, state, context)
        if key.endswith(".$")
        else _parameters(value, state, context)
        for key, value in spec.items()
    }


def _value(expression: str, state: Any, context: Any) -> Any:
    if added := _MATH_ADD.fullmatch(expression):
        return _find(added[1], state) + int(added[2])
    return _looked_up(expression, state, context)


def _looked_up(path: str, state: Any, context: Any) -> Any:
    return _find(path[1:], context) if path.startswith("$$") else _find(path, state)


def _placed(path: str | None, state: Any, value: Any) -> Any:
    if path is None:
        return state
    if path == "$":
        return value
    return {**state, path.removeprefix("$."): value}


def _holds(rule: dict[str, Any], state: Any, context: Any) -> bool:
    for word, whether in (("And", all), ("Or", any)):
        if word in rule:
            return whether(_holds(part, state, context) for part in rule[word])
    if "IsPresent" in rule:
        return bool(_is_present(rule["Variable"], state, context) == rule["IsPresent"])
    found = _looked_up(rule["Variable"], state, context)
    if "IsString" in rule:
        return bool(isinstance(found, str) == rule["IsString"])
    if "IsNumeric" in rule:
        return bool((type(found) in (int, float)) == rule["IsNumeric"])
    if "NumericLessThanEquals" in rule:
        return bool(found <= rule["NumericLessThanEquals"])
    if "StringEquals" in rule:
        return bool(found == rule["StringEquals"])
    return bool(found > rule["NumericGreaterThan"])


def _is_present(path: str, state: Any, context: Any) -> bool:
    try:
        _looked_up(path, state, context)
    except (KeyError, TypeError):
        return False
    return True
