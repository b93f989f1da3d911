"""EventBridge: putting events on one bus."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StrictStr

from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services.allowance import Allowance
from latchkey.services.entry import Discover, ServiceEntry
from latchkey.services.events.spec import SPEC
from latchkey.services.resource import ResourceName
from latchkey.services.resource_info import ResourceInfo
from latchkey.services.spec import Service


class EventBusAccess(ServiceEntry):
    """Events to one bus."""

    SPEC: ClassVar[Service] = SPEC

    service: Literal["events"]
    event_bus: Annotated[
        StrictStr, ResourceName(SPEC), Field(description="The event bus's name or ARN.")
    ]
    allow: Annotated[Literal["put"], Field(description="`put`: put events on the bus.")]
    discover: Discover = False

    @override
    def allowed(self, info: ResourceInfo, environment: AwsEnvironment) -> tuple[Allowance, ...]:
        """The statement of one bus; a key of the bus is used by EventBridge itself."""
        return (Allowance("Bus", SPEC.actions[self.allow], (info.arn,)),)


ENTRY = EventBusAccess
