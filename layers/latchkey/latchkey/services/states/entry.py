"""Step Functions: starting executions of one state machine."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StrictStr

from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services.allowance import Allowance
from latchkey.services.entry import Discover, ServiceEntry
from latchkey.services.resource import ResourceName
from latchkey.services.resource_info import ResourceInfo
from latchkey.services.spec import Service
from latchkey.services.states.spec import SPEC


class StateMachineAccess(ServiceEntry):
    """Executions of one state machine."""

    SPEC: ClassVar[Service] = SPEC

    service: Literal["states"]
    state_machine: Annotated[
        StrictStr,
        ResourceName(SPEC),
        Field(
            description="The state machine's name or ARN, without a version or alias: IAM knows "
            "only the state machine, so all of its versions and aliases can be started."
        ),
    ]
    allow: Annotated[
        Literal["start"],
        Field(description="`start`: start executions, and neither follow nor read them."),
    ]
    discover: Discover = False

    @override
    def allowed(self, info: ResourceInfo, environment: AwsEnvironment) -> tuple[Allowance, ...]:
        """The statement of one state machine.

        A key behind it is used by Step Functions itself and by the execution role (Step Functions
        developer guide, "Data at rest encryption").
        """
        return (Allowance("StateMachine", SPEC.actions[self.allow], (info.arn,)),)


ENTRY = StateMachineAccess
