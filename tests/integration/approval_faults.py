"""Faults of AWS on the way of a run, and runs that were started at another time."""

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from tests.kit.stack.aws import CONFIG_BUCKET
from tests.kit.stack.taps import Call

FAULTS = {"guardrails": "GetParameter", "approvals": "ListObjectsV2", "role": "GetRole"}
FAULTS |= {
    "spoke": "AssumeRole",
    "policy": "PutRolePolicy",
    "trust": "UpdateAssumeRolePolicy",
    "file": "GetObject",
}
NO_ANSWER = (
    SimpleNamespace(status_code=503),
    {
        "Error": {"Code": "ServiceUnavailable", "Message": "injected"},
        "ResponseMetadata": {"HTTPStatusCode": 503, "HTTPHeaders": {}},
    },
)


def started(
    state: Callable[[Any], dict[str, Any]],
    at: datetime,
    retries: int,
    begins: Callable[[str], None] | None,
) -> Any:
    """The workflow's state at its start, by a run that was started at a time."""

    def begun(request: Any) -> dict[str, Any]:
        found = state(request)
        if begins:
            begins(found["execution"]["name"])
        execution = {**found["execution"], "start_time": at.isoformat()}
        return {**found, "execution": execution, "retries": retries}

    return begun


def spoils(call: Call, fault: str) -> bool:
    """Whether a fault of AWS is one of a call."""
    ours = call.parameters.get("Bucket") in (None, CONFIG_BUCKET)
    return ours and call.operation == FAULTS[fault]
