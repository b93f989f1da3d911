"""Event buses: by name."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.lookup import Found, Lookup, absent, found, last_part

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient


def _find(events: "EventBridgeClient", name: str, _: AwsEnvironment) -> Found | None:
    try:
        bus = events.describe_event_bus(Name=last_part(name, "/"))
    except ClientError as error:
        if absent(error, "ResourceNotFoundException"):
            return None
        raise
    return found(bus["Arn"])


def _names(events: "EventBridgeClient") -> Iterator[str]:
    yield from (bus["Name"] for bus in events.list_event_buses()["EventBuses"])


LOOKUP = Lookup("events", "event bus", _find, _names)
