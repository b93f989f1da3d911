"""moto's interpreter of workflows, where it does something else than Step Functions."""

import json
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from functools import cache
from typing import Any

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
from sandbox.patches import replace_member
from sandbox.runtime import Runtime

MOST_RETRIES = 10  # a second: of a thousand that wait for their turn, each waits for longer

LONGEST_RETRY_WAIT = 1.0  # seconds; workflows that retry for minutes are no fun to wait for


def interpret_as_step_functions_does(runtime: Runtime) -> None:
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

    replace_member(StepFunctionsParserBackend, "start_execution", starting)
    replace_member(execution_worker, "ExecutionData", described)

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

    replace_member(lambda_eval_utils, "execute_lambda_function_integration", calling)
    replace_member(
        AmazonStateLanguageParser, "parse", staticmethod(cache(AmazonStateLanguageParser.parse))
    )
    replace_member(retrier_decl, "time", _ShortWaits())
    replace_member(states, "copy", _Copies)
    for keeper in (execution_worker, program, execute_state, inline_iteration_component):
        replace_member(keeper, "TMP_THREADS", deque(maxlen=0))
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

    replace_member(service, "_normalise_parameters", given)
    replace_member(service, "_normalise_response", answered)
    client = boto_client_for(region="us-east-1", service="stepfunctions")
    replace_member(nested, "boto_client_for", lambda **_: client)
    replace_member(waiting, "_DELAY_SECONDS_SYNC_CONDITION_CHECK", 0.1)


def _rename(members: dict[str, Any], first: Callable[[str], str]) -> None:
    for name in list(members):
        members[first(name[0]) + name[1:]] = members.pop(name)


class _Copies:
    """Stands for the `copy` of the interpreter's states, which hold JSON data only."""

    @staticmethod
    def deepcopy(value: Any) -> Any:
        """A copy, without looking for what JSON cannot hold."""
        return json.loads(json.dumps(value))


class _ShortWaits:
    """Stands for the `time` that the interpreter's retries wait by."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting = 0

    def sleep(self, seconds: float) -> None:
        """Wait, but not for long, unless many others do: to look is work for the sandbox."""
        self._count(1)
        time.sleep(max(min(seconds, LONGEST_RETRY_WAIT), self._waiting / MOST_RETRIES))
        self._count(-1)

    def _count(self, step: int) -> None:
        with self._lock:
            self._waiting += step
