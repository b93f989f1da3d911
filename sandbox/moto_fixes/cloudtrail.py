"""CloudTrail's event history, of the one call that somebody looks up here: StartExecution.

The event is shaped as the Step Functions developer guide shows it
(https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cloud-trail.html), its
`userIdentity` as the CloudTrail user guide does
(https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html),
and LookupEvents refuses what its API reference says
(https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html).
"""

import base64
import hashlib
import json
import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from moto.cloudtrail.models import cloudtrail_backends
from moto.cloudtrail.responses import CloudTrailResponse
from moto.core.exceptions import JsonRESTError
from moto.stepfunctions.responses import StepFunctionResponse
from moto.sts.models import sts_backends

from sandbox.account import PARTITION
from sandbox.iam import roles
from sandbox.moto_fixes.replacing import replace_member

_PAGE = 50
_ATTRIBUTES = {
    "EventId",
    "EventName",
    "ReadOnly",
    "Username",
    "ResourceType",
    "ResourceName",
    "EventSource",
    "AccessKeyId",
}
_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/")
_BY_SERVICES = ("states", "scheduler")
"""The services whose sessions of our roles start executions, by the keys of these sessions."""


def record_who_starts_executions() -> None:
    """Write StartExecution into the event history of its account and Region.

    Mends `StepFunctionResponse.start_execution`, moto/stepfunctions/responses.py:272; moto records
    nobody's calls.
    """
    start_execution = StepFunctionResponse.start_execution

    def starting(self: Any) -> Any:
        answer = start_execution(self)
        given = {name: self._get_param(name) for name in ("input", "stateMachineArn", "name")}
        record = _record(self, {k: v for k, v in given.items() if v is not None}, answer.result)
        _events(self.current_account, self.region).append(record)
        return answer

    replace_member(StepFunctionResponse, "start_execution", starting)


def look_up_events() -> None:
    """Answer LookupEvents, newest event first, 50 at most a page.

    Mends `CloudTrailResponse`, moto/cloudtrail/responses.py:12, which knows no such call.
    """
    replace_member(CloudTrailResponse, "lookup_events", _looked_up)


def _events(account: str, region: str) -> list[dict[str, Any]]:
    held: list[dict[str, Any]] = vars(cloudtrail_backends[account][region]).setdefault("events", [])
    return held


def _record(response: Any, given: dict[str, Any], answered: Any) -> dict[str, Any]:
    started: datetime = answered["startDate"]
    return {
        "eventVersion": "1.08",
        "userIdentity": _identity(_signer(response.headers), response.current_account),
        "eventTime": f"{started:%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": "states.amazonaws.com",
        "eventName": "StartExecution",
        "awsRegion": response.region,
        "sourceIPAddress": "127.0.0.1",
        "requestParameters": given,
        "responseElements": {
            "executionArn": answered["executionArn"],
            "startDate": f"{started:%b %-d, %Y %-I:%M:%S %p}",
        },
        "requestID": str(uuid.uuid4()),
        "eventID": str(uuid.uuid4()),
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": response.current_account,
        "eventCategory": "Management",
    }


def _signer(headers: Any) -> str:
    """The access key of a call; moto knows none but those of its own form."""
    found = _CREDENTIAL.search(headers.get("Authorization", ""))
    return found[1] if found else ""


def _identity(access_key: str, account: str) -> dict[str, Any]:
    """The `userIdentity` of a caller, with the ARN that GetCallerIdentity answers it."""
    key = access_key.removesuffix(".taken-over")
    held = roles.session(key)
    account = roles.account_of(key) if held else account
    backend = sts_backends[account][PARTITION]
    user_id, arn, _ = backend.get_caller_identity(key, "us-east-1")
    told = {"principalId": user_id, "arn": arn, "accountId": account, "accessKeyId": access_key}
    if held is None:
        return {"type": "IAMUser", **told, "userName": arn.rsplit("/", 1)[-1]}
    issuer = {
        "type": "Role",
        "principalId": user_id.partition(":")[0],
        "arn": held.role_arn,
        "accountId": account,
        "userName": held.role_arn.rsplit("/", 1)[-1],
    }
    service = key.partition(".")[0]
    invoked = {"invokedBy": f"{service}.amazonaws.com"} if service in _BY_SERVICES else {}
    return {"type": "AssumedRole", **told, "sessionContext": {"sessionIssuer": issuer}, **invoked}


def _looked_up(response: Any) -> str:
    given = json.loads(response.body or "{}")
    attributes = given.get("LookupAttributes") or []
    if len(attributes) > 1 or any(one.get("AttributeKey") not in _ATTRIBUTES for one in attributes):
        raise JsonRESTError("InvalidLookupAttributesException", "one attribute, of those listed")
    most = given.get("MaxResults", _PAGE)
    if not 1 <= most <= _PAGE:
        raise JsonRESTError("InvalidMaxResultsException", f"1 to {_PAGE}")
    since, until = float(given.get("StartTime", 0)), float(given.get("EndTime", 1e12))
    if since > until:
        raise JsonRESTError("InvalidTimeRangeException", "StartTime is after EndTime")
    asked = {name: value for name, value in given.items() if name != "NextToken"}
    found = list(_matching(response, attributes, since, until))
    start = _position(given.get("NextToken"), asked)
    answer: dict[str, Any] = {"Events": found[start : start + most]}
    if start + most < len(found):
        answer["NextToken"] = _token(start + most, asked)
    return json.dumps(answer)


def _matching(
    response: Any, attributes: list[dict[str, str]], since: float, until: float
) -> Iterator[dict[str, Any]]:
    records = _events(response.current_account, response.region)
    for record in sorted(records, key=lambda one: str(one["eventTime"]), reverse=True):
        event = _event(record)
        wanted = all(event.get(a["AttributeKey"]) == a["AttributeValue"] for a in attributes)
        if wanted and since <= event["EventTime"] <= until:
            yield event


def _event(record: dict[str, Any]) -> dict[str, Any]:
    identity = record["userIdentity"]
    return {
        "EventId": record["eventID"],
        "EventName": record["eventName"],
        "ReadOnly": "false",
        "AccessKeyId": identity["accessKeyId"],
        "EventTime": datetime.fromisoformat(record["eventTime"]).timestamp(),
        "EventSource": record["eventSource"],
        "Username": identity["arn"].rsplit("/", 1)[-1],
        "Resources": [],
        "CloudTrailEvent": json.dumps(record),
    }


def _token(position: int, asked: dict[str, Any]) -> str:
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    return base64.b64encode(f"{position} {digest}".encode()).decode()


def _position(token: str | None, asked: dict[str, Any]) -> int:
    """Where a page begins; a token is for the parameters of the call that gave it."""
    if token is None:
        return 0
    position = int(base64.b64decode(token).split()[0])
    if token != _token(position, asked):
        raise JsonRESTError("InvalidNextTokenException", "it belongs to other parameters")
    return position


FIXES = (record_who_starts_executions, look_up_events)
