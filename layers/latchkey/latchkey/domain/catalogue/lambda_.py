"""Lambda: invoking one function, or one version or alias of it."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, override

from pydantic import Field, StrictStr

from latchkey.domain.catalogue.entry import Allowance, Facts, Place, ServiceEntry
from latchkey.domain.catalogue.resource import ResourceName

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
            "that one can be invoked; without it, only the unqualified function."
        ),
    ]
    allow: Annotated[
        Literal["invoke"],
        Field(description="`invoke`: invoke it, synchronously or asynchronously."),
    ]

    @override
    def allowances(self, found: Sequence[Facts], place: Place) -> tuple[Allowance, ...]:
        """The statement of one function; a key of its environment is its own role's affair."""
        (facts,) = found
        return (Allowance("Function", ("lambda:InvokeFunction",), (facts.arn,)),)
