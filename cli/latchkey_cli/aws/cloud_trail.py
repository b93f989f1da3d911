"""CloudTrail's event history: who started an execution.

StartExecution is a management event, whose `responseElements` name the execution and whose
`userIdentity` names the caller (Step Functions developer guide, "Recording API calls with
CloudTrail", https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cloud-trail.html).
LookupEvents needs no trail. It takes one attribute beside the times, and the guide's example has no
`resources` to go by, so the event is found by its name in the seconds in which the execution
started. It answers 50 events a page, two requests a second for an account and Region, and nothing
older than 90 days (CloudTrail API reference, LookupEvents,
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html).
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from latchkey.aws.error_codes import translated

DAYS = 90
"""How far the event history goes back."""

MINUTES = 15
"""How long an event may be on its way: 5 on average, "not guaranteed" (CloudTrail user guide,
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html).
"""

PAGES = 6
"""Pages that are read for one execution: 300 executions that started in the same seconds."""

_AROUND = timedelta(seconds=2)
_BETWEEN = 0.5


class FoundStart(NamedTuple):
    """Who started an execution, if `whole`: all events of these seconds were read."""

    identity: Mapping[str, Any] | None
    whole: bool = True


class EventHistory:
    """The event history of the stack's account and Region."""

    def __init__(self, cloudtrail: Any, wait: Callable[[float], None] = time.sleep) -> None:
        self._cloudtrail, self._wait = cloudtrail, wait
        self._asked = False

    def start_of(self, execution: str, started: datetime) -> FoundStart:
        """The `userIdentity` of the first StartExecution that answered with an execution.

        A second one by the same name and input answers with it too, as long as it runs, and
        starts nothing (Step Functions API reference, StartExecution).
        """
        found: Mapping[str, Any] | None = None
        pages = self._pages(started)
        for _, page in zip(range(PAGES), pages, strict=False):
            for record in map(_record, page["Events"]):
                if _execution(record) == execution:
                    found = record["userIdentity"]
            if not page.get("NextToken"):
                return FoundStart(found)
        return FoundStart(None, whole=False)

    def _pages(self, started: datetime) -> Iterator[dict[str, Any]]:
        """The events of the seconds around a time, newest first."""
        asked = {
            "LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": "StartExecution"}],
            "StartTime": started.replace(microsecond=0) - _AROUND,
            "EndTime": started.replace(microsecond=0) + _AROUND,
        }
        token: dict[str, str] = {}
        while True:
            if self._asked:
                self._wait(_BETWEEN)
            self._asked = True
            with translated("look up who started runs in CloudTrail"):
                page: dict[str, Any] = self._cloudtrail.lookup_events(**asked, **token)
            yield page
            token = {"NextToken": page.get("NextToken", "")}


def _record(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """The event itself, which stands in the answer as JSON text; `{}` if it is none."""
    try:
        record = json.loads(event.get("CloudTrailEvent") or "{}")
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


def _execution(record: Mapping[str, Any]) -> str | None:
    """The execution that a call started; a call that failed has none."""
    answered, caller = record.get("responseElements"), record.get("userIdentity")
    named = record.get("eventSource") == "states.amazonaws.com" and isinstance(caller, dict)
    return answered.get("executionArn") if named and isinstance(answered, dict) else None
