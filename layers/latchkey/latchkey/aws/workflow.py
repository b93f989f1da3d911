"""Step Functions: starting the grant workflow."""

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from latchkey.aws.error_codes import error_code, translated

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


class Workflow:
    """Starts executions of the grant workflow."""

    def __init__(self, client: "SFNClient", arn: str) -> None:
        self._states = client
        self._arn = arn

    def start(self, name: str, request: dict[str, Any]) -> bool:
        """Start an execution; a second start under the same name does nothing and answers False.

        `name` is at most 80 of `[0-9A-Za-z-_.]` and stays taken for 90 days (Step Functions API
        reference, StartExecution).
        """
        with translated(f"start workflow {name}"):
            try:
                self._states.start_execution(
                    stateMachineArn=self._arn, name=name, input=json.dumps(request)
                )
            except ClientError as error:
                if error_code(error) != "ExecutionAlreadyExists":
                    raise
                return False
        return True
