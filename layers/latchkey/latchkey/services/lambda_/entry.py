"""Lambda: invoking one function, or one version or alias of it."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, override

from pydantic import Field, StrictStr

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.entry import Allowance, ResourceInfo, ServiceEntry
from latchkey.services.resource import ResourceName

_FUNCTION = ResourceName(
    "function",
    "lambda",
    r"[A-Za-z0-9_-]{1,64}(?::[A-Za-z0-9_-]{1,128})?",
    "1 to 64 letters, digits, '_' and '-'; behind a ':', a version or alias",
    before="function:",
)


class FunctionAccess(ServiceEntry):
    """Invocations of one function."""

    RESOURCE: ClassVar[str] = "function"

    service: Literal["lambda"]
    function: Annotated[
        StrictStr,
        _FUNCTION,
        Field(
            description="The function's name or ARN. With `:<version or alias>` at the end, only "
            "that may be invoked; without, only calls that name neither may be made."
        ),
    ]
    allow: Annotated[
        Literal["invoke"], Field(description="`invoke`: invoke it, and wait for its answer or not.")
    ]

    @override
    def allowances(
        self, found: Sequence[ResourceInfo], place: AwsEnvironment
    ) -> tuple[Allowance, ...]:
        """The statement of one function; a key of its environment is its own role's affair."""
        (facts,) = found
        return (Allowance("Function", ("lambda:InvokeFunction",), (facts.arn,)),)
