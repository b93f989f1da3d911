"""Lambda: invoking one function, or one version or alias of it."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StrictStr

from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services.allowance import Allowance
from latchkey.services.entry import ServiceEntry
from latchkey.services.lambda_.spec import SPEC
from latchkey.services.resource import ResourceName
from latchkey.services.resource_info import ResourceInfo
from latchkey.services.spec import Service


class FunctionAccess(ServiceEntry):
    """Invocations of one function."""

    SPEC: ClassVar[Service] = SPEC

    service: Literal["lambda"]
    function: Annotated[
        StrictStr,
        ResourceName(SPEC),
        Field(
            description="The function's name or ARN. With `:<version or alias>` at the end, only "
            "that one can be invoked; without it, only the unqualified function."
        ),
    ]
    allow: Annotated[
        Literal["invoke"],
        Field(description="`invoke`: invoke it, synchronously or asynchronously."),
    ]

    @override
    def allowed(self, info: ResourceInfo, environment: AwsEnvironment) -> tuple[Allowance, ...]:
        """The statement of one function; a key of its environment is its own role's affair."""
        return (Allowance("Function", SPEC.actions[self.allow], (info.arn,)),)


ENTRY = FunctionAccess
