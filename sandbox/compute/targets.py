"""What a schedule can start: executions of a workflow, and functions."""

from collections.abc import Callable
from typing import Any

from sandbox.compute.retry import with_retry


def start(arn: str, given: str, client: Callable[[str], Any]) -> None:
    """Start a target with its input, a JSON text; targets of other services are left alone.

    `client` makes the clients of the schedule's role.
    """
    match arn.split(":")[2]:
        case "states":
            client("stepfunctions").start_execution(stateMachineArn=arn, input=given)
        case "lambda":
            functions = client("lambda")
            throttled = functions.exceptions.TooManyRequestsException
            with_retry(lambda: functions.invoke(FunctionName=arn, Payload=given), throttled)
