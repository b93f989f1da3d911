"""SES: sending from one identity."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StrictStr

from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services.allowance import Allowance
from latchkey.services.entry import Discover, ServiceEntry
from latchkey.services.resource import ResourceName
from latchkey.services.resource_info import ResourceInfo
from latchkey.services.ses.spec import SPEC
from latchkey.services.spec import Service


class IdentityAccess(ServiceEntry):
    """E-mails from one verified identity."""

    SPEC: ClassVar[Service] = SPEC

    service: Literal["ses"]
    identity: Annotated[
        StrictStr,
        ResourceName(SPEC),
        Field(
            description="The identity's domain or e-mail address, or its ARN. With a domain the "
            "partner may send from every address in it."
        ),
    ]
    allow: Annotated[
        Literal["send"],
        Field(description="`send`: send e-mails, also with the identity's configuration set."),
    ]
    discover: Discover = False

    @override
    def allowed(self, info: ResourceInfo, environment: AwsEnvironment) -> tuple[Allowance, ...]:
        """The statement of one identity and of the configuration set that it uses by default.

        SES asks about both, also where the caller names no configuration set.

        Sources: Service Authorization Reference for Amazon SES v2; SES developer guide, "Using
        default configuration sets".
        """
        arns = (info.arn, *(implied.arn for implied in info.implied))
        return (Allowance("Identity", SPEC.actions[self.allow], arns),)


ENTRY = IdentityAccess
