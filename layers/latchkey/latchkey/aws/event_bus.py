"""EventBridge: putting events on the stack's own bus."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from latchkey.aws.error_codes import translated
from latchkey.errors import ServiceUnavailable
from latchkey.frozen import Frozen
from latchkey.newer_python import batched
from latchkey.reports.outcome_event import SOURCE

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef

_MOST = 10
"""Entries of one call (EventBridge API reference, PutEvents)."""


class BusEvent(Frozen):
    """An event type with its detail as JSON data, and the ARNs that it is about."""

    event_type: str
    detail: Mapping[str, Any]
    resources: tuple[str, ...] = ()


class EventBus:
    """Puts events on one bus."""

    def __init__(self, client: "EventBridgeClient", name: str) -> None:
        self._events = client
        self._name = name

    def put(self, events: Sequence[BusEvent]) -> None:
        """Put events, ten in a call.

        Raises
        ------
        ServiceUnavailable
            When the bus did not take all of them; those that it took come again with the retry.
        """
        for some in batched(events, _MOST):
            with translated(f"put events on the bus {self._name}"):
                answer = self._events.put_events(Entries=[self._entry(event) for event in some])
            if answer["FailedEntryCount"]:
                codes = sorted({str(entry.get("ErrorCode", "")) for entry in answer["Entries"]})
                refused = ", ".join(filter(None, codes))
                raise ServiceUnavailable(f"the bus {self._name} did not take all events: {refused}")

    def _entry(self, event: BusEvent) -> "PutEventsRequestEntryTypeDef":
        return {
            "EventBusName": self._name,
            "Source": SOURCE,
            "DetailType": event.event_type,
            "Detail": json.dumps(event.detail, ensure_ascii=False),
            "Resources": list(event.resources),
        }
