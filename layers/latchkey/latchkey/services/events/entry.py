"""EventBridge: putting events on one bus."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, override

from pydantic import Field, StrictStr

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.entry import Allowance, ResourceInfo, ServiceEntry
from latchkey.services.resource import ResourceName

_BUS = ResourceName(
    "event bus",
    "events",
    r"[A-Za-z0-9_.-]{1,256}",
    "1 to 256 letters, digits, '_', '.' and '-'",
    before="event-bus/",
)


class EventBusAccess(ServiceEntry):
    """Events to one bus."""

    RESOURCE: ClassVar[str] = "event_bus"

    service: Literal["events"]
    event_bus: Annotated[StrictStr, _BUS, Field(description="The event bus's name or ARN.")]
    allow: Annotated[Literal["put"], Field(description="`put`: put events on the bus.")]

    @override
    def allowances(
        self, found: Sequence[ResourceInfo], place: AwsEnvironment
    ) -> tuple[Allowance, ...]:
        """The statement of one bus; a key of the bus is used by EventBridge itself."""
        (facts,) = found
        return (Allowance("Bus", ("events:PutEvents",), (facts.arn,)),)
