"""Amazon EventBridge: putting events on one bus."""

from collections.abc import Mapping
from typing import Any

from latchkey.newer_python import override
from latchkey.services.arn_form import ArnForm
from latchkey.services.call import TEST_NAME, Call
from latchkey.services.spec import Service


class _Events(Service):
    @override
    def try_call(self, entry: Mapping[str, Any], arn: str) -> Call:
        event = {"Source": TEST_NAME, "DetailType": TEST_NAME, "Detail": "{}"}
        given = {"Entries": [{**event, "EventBusName": entry["event_bus"]}]}
        return Call("events", "put-events", given, "FailedEntryCount", "a test event on the bus")


SPEC = _Events(
    name="events",
    title="EventBridge",
    field="event_bus",
    resource_type="AWS::Events::EventBus",
    arn=ArnForm(
        r"[A-Za-z0-9_.-]{1,256}",
        "1 to 256 letters, digits, '_', '.' and '-'",
        before="event-bus/",
    ),
    actions={"put": ("events:PutEvents",)},
    labels={
        "put": "PutEvents",
        "list names": "ListEventBuses",
    },
    options=("discover",),
    discovers=("events:ListEventBuses",),
    own=("event-bus/latchkey", "event-bus/latchkey-*"),
    boundary=(
        "ListEventBuses",
        "PutEvents",
    ),
    changed_by=(
        "events:CreateEventBus",
        "events:DeleteEventBus",
        "events:UpdateEventBus",
    ),
    lookup=("events:DescribeEventBus", "events:ListEventBuses"),
    key_use=False,
    example={"event_bus": "partner-events", "allow": "put"},
)
