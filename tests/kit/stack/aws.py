"""The names of the stack's resources on moto, and clients to look at them with."""

from functools import cache
from typing import Any

import boto3

from tests.kit.examples import ACCOUNT, STACK

TABLE = "grant-table"
CONFIG_BUCKET = "config-bucket"
RESULTS_BUCKET = "results-bucket"
GROUP = "latchkey-grants"
GUARDRAILS = "/latchkey/guardrails"
KEY = "partners/acme.json"
_MACHINE = f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:{STACK}"
WORKFLOW = f"{_MACHINE}-grant-workflow"
RECONCILE = f"{_MACHINE}-reconcile-workflow"
PLAN = f"{_MACHINE}-plan-workflow"
FILE = {"bucket": CONFIG_BUCKET, "key": KEY}


@cache
def aws(service: str, account: str = ACCOUNT) -> Any:
    """A client of the tests' own in an account, whose calls are not counted; moto answers it."""
    client = boto3.client(service)  # type: ignore[call-overload]  # any service
    if account != ACCOUNT:  # as moto's own header has it
        there = {"x-moto-account-id": account}
        client.meta.events.register(
            "before-call", lambda params, **_: params["headers"].update(there)
        )
    return client
