"""What a schedule can start: executions of a workflow, and functions."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.compute.functions import Function
from sandbox.compute.retry import invoke_with_retry


def start(
    arn: str, given: str, functions: Mapping[str, Function], client: Callable[[str], Any]
) -> None:
    """Start a target with its input, a JSON text; targets of other services are left alone."""
    match arn.split(":")[2]:
        case "states":
            client("stepfunctions").start_execution(stateMachineArn=arn, input=given)
        case "lambda":
            invoke_with_retry(functions[arn.rsplit(":", 1)[-1]], json.loads(given))
