"""API Gateway: calling one API, or one stage of it."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StrictStr

from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services.allowance import Allowance
from latchkey.services.entry import ServiceEntry
from latchkey.services.execute_api.spec import SPEC, STAGE
from latchkey.services.resource import ResourceName
from latchkey.services.resource_info import ResourceInfo
from latchkey.services.spec import Service


class ApiAccess(ServiceEntry):
    """Requests to one API that authorizes by IAM; with `stage`, to that stage only."""

    SPEC: ClassVar[Service] = SPEC

    service: Literal["execute-api"]
    api: Annotated[
        StrictStr,
        ResourceName(SPEC),
        Field(description="The API's ID or `execute-api` ARN: of a REST, HTTP or WebSocket API."),
    ]
    stage: Annotated[
        Annotated[StrictStr, Field(pattern=f"^(?:{STAGE})$")] | None,
        Field(description="A stage of the API; its name is not looked up."),
    ] = None
    allow: Annotated[
        Literal["invoke"], Field(description="`invoke`: send requests, by all methods and paths.")
    ]

    @override
    def allowed(self, info: ResourceInfo, environment: AwsEnvironment) -> tuple[Allowance, ...]:
        """The statement of one API, whose endpoints answer HTTPS only.

        Source: API Gateway developer guide, "Control access for invoking an API".
        """
        requests = f"{info.arn}/{self.stage or '*'}/*/*"
        return (Allowance("Api", SPEC.actions[self.allow], (requests,)),)


ENTRY = ApiAccess
