"""Each fix of moto's Step Functions is still needed; see `test_sandbox_moto_fixes`."""

import copy
import inspect
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.stepfunctions.parser import utils as interpreter_utils
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_task import (
    lambda_eval_utils,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_callback,
    state_task_service_sfn,
)
from moto.stepfunctions.parser.asl.eval import states
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.utils import boto_client
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from sandbox.account import ACCOUNT, REGION
from sandbox.compute.runtime import _executions_running
from sandbox.moto_fixes import interpreter_speed
from sandbox.moto_fixes.replacing import plain_moto
from tests.unit.moto_source import digest

ROLE = f"arn:aws:iam::{ACCOUNT}:role/workflow"
PASS = {"StartAt": "Only", "States": {"Only": {"Type": "Pass", "End": True}}}


@pytest.fixture(autouse=True)
def aws() -> Iterator[Callable[[str], Any]]:
    """Clients of moto without fixes, with the interpreter of workflows switched on."""
    with plain_moto(), mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        yield lambda service: boto3.client(service, region_name=REGION)  # type: ignore[call-overload]


@pytest.fixture
def run(aws: Callable[[str], Any]) -> Callable[[Any], dict[str, Any]]:
    """Runs a definition to its end; answers the description of the execution."""
    client = aws("stepfunctions")

    def ran(definition: Any) -> dict[str, Any]:
        name = f"machine-{len(client.list_state_machines()['stateMachines'])}"
        text = json.dumps(definition)
        machine = client.create_state_machine(name=name, definition=text, roleArn=ROLE)
        arn = client.start_execution(stateMachineArn=machine["stateMachineArn"])["executionArn"]
        until = time.monotonic() + 20
        while time.monotonic() < until:
            found: dict[str, Any] = client.describe_execution(executionArn=arn)
            if found["status"] != "RUNNING":
                return {**found, "machine": machine["stateMachineArn"]}
            time.sleep(0.05)
        raise AssertionError(f"{arn} does not end")

    return ran


def test_name_executions(run: Callable[[Any], dict[str, Any]]) -> None:
    assert run(PASS)["executionArn"].endswith(":None")


def test_write_start_time_as_text(run: Callable[[Any], dict[str, Any]]) -> None:
    only = {"Type": "Pass", "End": True, "Parameters": {"at.$": "$$.Execution.StartTime"}}
    with pytest.raises(TypeError, match="datetime is not JSON serializable"):
        run({"StartAt": "Only", "States": {"Only": only}})


def test_start_executions_from_executions(run: Callable[[Any], dict[str, Any]]) -> None:
    other = run(PASS)["machine"]
    start = {
        "Type": "Task",
        "End": True,
        "Resource": "arn:aws:states:::states:startExecution",
        "Parameters": {"StateMachineArn": other, "Input": {}, "Name": "nested"},
    }
    found = run({"StartAt": "Start", "States": {"Start": start}})
    assert found["cause"].endswith("'StateMachineArn'")  # a KeyError


def test_invoke_functions_directly(
    run: Callable[[Any], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A throttled call is not named as Step Functions names it."""

    def throttled(**_: Any) -> None:
        error: Any = {
            "Error": {"Code": "TooManyRequestsException", "Message": "Rate Exceeded."},
            "ResponseMetadata": {"HTTPStatusCode": 429, "RequestId": "some"},
        }
        raise ClientError(error, "Invoke")

    monkeypatch.setattr(lambda_eval_utils, "_invoke_lambda_function", throttled)
    invoke = {
        "Type": "Task",
        "End": True,
        "Resource": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:some",
    }
    found = run({"StartAt": "Invoke", "States": {"Invoke": invoke}})
    assert found["error"] == "Exception"


def test_parse_each_definition_once() -> None:
    parse, text = AmazonStateLanguageParser.parse, json.dumps(PASS)
    assert parse(text) is not parse(text)


def test_shorten_wait_states(run: Callable[[Any], dict[str, Any]]) -> None:
    machine = {"StartAt": "Only", "States": {"Only": {"Type": "Wait", "Seconds": 4, "End": True}}}

    def seconds() -> float:
        began = time.monotonic()
        assert run(machine)["status"] == "SUCCEEDED"
        return time.monotonic() - began

    assert seconds() >= 3
    interpreter_speed.shorten_wait_states()
    assert seconds() < 3


def test_shorten_waits_between_retries() -> None:
    assert vars(retrier_decl)["time"] is time
    assert "time.sleep(interval_seconds)" in inspect.getsource(retrier_decl)


def test_copy_data_as_json() -> None:
    assert vars(states)["copy"] is copy
    assert "copy.deepcopy" in inspect.getsource(states)


def test_let_go_of_threads() -> None:
    assert isinstance(interpreter_utils.TMP_THREADS, list)
    for keeper in interpreter_speed.KEEPERS:
        assert keeper.TMP_THREADS is interpreter_utils.TMP_THREADS


def test_call_under_the_workflows_role() -> None:
    assert vars(state_task_service_sfn)["boto_client_for"] is boto_client.boto_client_for
    assert digest(boto_client.boto_client_for) == "1f44dc2ac8aa"


def test_look_at_nested_executions_often() -> None:
    assert state_task_service_callback._DELAY_SECONDS_SYNC_CONDITION_CHECK == 0.5


def test_an_execution_that_is_about_to_begin_counts_as_running(
    monkeypatch: pytest.MonkeyPatch, run: Callable[[Any], dict[str, Any]]
) -> None:
    run(PASS)
    assert _executions_running() == []
    (execution,) = stepfunctions_parser_backends[ACCOUNT][REGION].state_machines[0].executions
    monkeypatch.setattr(execution, "exec_status", None)  # as moto makes it
    assert _executions_running() == [execution.execution_arn]
