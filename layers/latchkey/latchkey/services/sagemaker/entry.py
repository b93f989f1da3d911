"""SageMaker AI: invoking one endpoint."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StrictStr

from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services.allowance import Allowance
from latchkey.services.entry import Discover, ServiceEntry
from latchkey.services.resource import ResourceName
from latchkey.services.resource_info import ResourceInfo
from latchkey.services.sagemaker.spec import SPEC
from latchkey.services.spec import Service


class EndpointAccess(ServiceEntry):
    """Invocations of one endpoint."""

    SPEC: ClassVar[Service] = SPEC

    service: Literal["sagemaker"]
    endpoint: Annotated[
        StrictStr, ResourceName(SPEC), Field(description="The endpoint's name or ARN.")
    ]
    allow: Annotated[
        Literal["invoke"],
        Field(description="`invoke`: get inferences at once, also as a stream of responses."),
    ]
    discover: Discover = False

    @override
    def allowed(self, info: ResourceInfo, environment: AwsEnvironment) -> tuple[Allowance, ...]:
        """The statement of one endpoint.

        Asynchronous inferences read their input from S3 and leave their output there, which this
        entry does not allow.

        Source: Service Authorization Reference for Amazon SageMaker.
        """
        return (Allowance("Endpoint", SPEC.actions[self.allow], (info.arn,)),)


ENTRY = EndpointAccess
