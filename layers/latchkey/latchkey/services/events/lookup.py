"""Event buses: by name."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.events.spec import SPEC
from latchkey.services.lookup import Clients, Found, Lookup, absent, found
from latchkey.services.spec import last_part

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient


def _find(clients: Clients, name: str, _: AwsEnvironment) -> Found | None:
    events: EventBridgeClient = clients("events")
    try:
        bus = events.describe_event_bus(Name=last_part(name))
    except ClientError as error:
        if absent(error, "ResourceNotFoundException"):
            return None
        raise
    return found(bus["Arn"])


def _names(clients: Clients) -> Iterator[str]:
    events: EventBridgeClient = clients("events")
    yield from (bus["Name"] for bus in events.list_event_buses()["EventBuses"])


LOOKUP = Lookup(SPEC.noun, _find, _names)
