"""Fixes of moto's Step Functions, where its interpreter differs from AWS."""

import json
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_sfn as nested,
)
from moto.stepfunctions.parser.asl.eval import states
from moto.stepfunctions.parser.backend import execution_worker
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from sandbox.compute.functions import Throttled
from sandbox.compute.runtime import Runtime
from sandbox.iam.callers import Callers
from sandbox.iam.request import Refusal
from sandbox.iam.service_roles import CannotAssume
from sandbox.moto_fixes.replacing import replace_member
from sandbox.time.clock import rfc3339


def name_executions() -> None:
    """Give an execution that is started without a name one of its own; moto names it `None`.

    Mends `StepFunctionsParserBackend.start_execution`, moto/stepfunctions/parser/models.py:161.
    """
    start_execution = StepFunctionsParserBackend.start_execution

    def starting(self: Any, arn: str, name: str | None = None, *rest: Any, **more: Any) -> Any:
        return start_execution(self, arn, name or str(uuid.uuid4()), *rest, **more)

    replace_member(StepFunctionsParserBackend, "start_execution", starting)


def write_start_time_as_text() -> None:
    """Write `$$.Execution.StartTime` as text; moto hands out a `datetime`, which is no JSON.

    Mends `ExecutionWorker._get_evaluation_environment`,
    moto/stepfunctions/parser/backend/execution_worker.py:61.
    """
    data = states.ExecutionData

    def described(**given: Any) -> Any:
        return data(**{**given, "StartTime": rfc3339(given["StartTime"])})

    replace_member(execution_worker, "ExecutionData", described)


def invoke_functions_directly(runtime: Runtime) -> None:
    """Call functions without HTTP, and name a throttled call as Step Functions does.

    Mends `StateTaskLambda._from_error`, moto/stepfunctions/parser/asl/component/state/exec/
    state_task/state_task_lambda.py:50, which names it `Exception`, so that no `Retry` for
    `Lambda.TooManyRequestsException` matches; replaces `execute_lambda_function_integration`,
    lambda_eval_utils.py:91 beside it.
    """
    callers = Callers(runtime.clock.now)

    def calling(env: Any, parameters: Any, **given: Any) -> None:
        arn = parameters["FunctionName"]
        function = runtime.functions[arn]
        try:
            callers.invoke(_key(runtime, given["state_credentials"].role_arn), arn)
            answer = function.invoke(json.loads(parameters["Payload"]))
        except (CannotAssume, Refusal) as refused:
            answer = _failed("Lambda.AWSLambdaException", refused)
        except Throttled as throttled:
            answer = _failed("Lambda.TooManyRequestsException", throttled)
        if "error" in answer:
            text = json.dumps(answer["error"])
            raise lambda_eval_utils.LambdaFunctionErrorException("Unhandled", text)
        env.stack.append({"StatusCode": 200, "Payload": json.loads(answer["payload"])})

    replace_member(lambda_eval_utils, "execute_lambda_function_integration", calling)


def call_under_the_workflows_role(runtime: Runtime) -> None:
    """Start and follow executions under the role of the workflow that does so, with one client.

    Mends `boto_client_for` as imported in moto/stepfunctions/parser/asl/component/state/exec/
    state_task/service/state_task_service_sfn.py, which calls as nobody and is built for each look.
    """

    def client(region: str, service: str, state_credentials: Any) -> Any:
        key = _key(runtime, state_credentials.role_arn)
        return runtime.client(service, key, region, parameter_validation=False)

    replace_member(nested, "boto_client_for", client)


def _key(runtime: Runtime, role_arn: str) -> str:
    """The access key of a workflow's session of its role."""
    name = role_arn.rsplit("/", 1)[-1]
    return runtime.assume("states", role_arn, name, role_arn)


def _failed(error: str, why: Exception) -> dict[str, Any]:
    return {"error": {"errorType": error, "errorMessage": str(why)}}


def start_executions_from_executions() -> None:
    """Name the members of `states:startExecution` as the API does, with times as numbers.

    moto passes them on unchanged, and a `datetime` is no JSON.

    Mends `StateTaskServiceSfn`, moto/stepfunctions/parser/asl/component/state/exec/state_task/
    service/state_task_service_sfn.py:52: https://github.com/getmoto/moto/issues/10076.
    """
    service = nested.StateTaskServiceSfn
    normalise = service._normalise_parameters  # noqa: SLF001 (moto's own way)

    def given(self: Any, parameters: dict[str, Any], **more: Any) -> None:
        normalise(self, parameters=parameters, **more)
        _rename(parameters, str.lower)

    def answered(_: Any, response: dict[str, Any], **__: Any) -> None:
        _rename(response, str.upper)
        for name, value in response.items():
            if isinstance(value, datetime):
                response[name] = value.timestamp()

    replace_member(service, "_normalise_parameters", given)
    replace_member(service, "_normalise_response", answered)


def _rename(members: dict[str, Any], first: Callable[[str], str]) -> None:
    for name in list(members):
        members[first(name[0]) + name[1:]] = members.pop(name)


FIXES = (name_executions, write_start_time_as_text, start_executions_from_executions)
