"""Bedrock: invoking one model."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StrictStr

from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services.allowance import Allowance
from latchkey.services.bedrock.spec import SPEC
from latchkey.services.entry import ServiceEntry
from latchkey.services.resource import ResourceName
from latchkey.services.resource_info import ResourceInfo
from latchkey.services.spec import Service


class ModelAccess(ServiceEntry):
    """Inferences by one model, or by one inference profile."""

    SPEC: ClassVar[Service] = SPEC

    service: Literal["bedrock"]
    model: Annotated[
        StrictStr,
        ResourceName(SPEC),
        Field(
            description="The ID or ARN of a foundation model or of an inference profile. The "
            "models of a profile, in all its Regions, can be invoked through the profile only."
        ),
    ]
    allow: Annotated[
        Literal["invoke"],
        Field(description="`invoke`: get inferences, also as a stream (Converse as well)."),
    ]

    @override
    def allowed(self, info: ResourceInfo, environment: AwsEnvironment) -> tuple[Allowance, ...]:
        """The statement of one model, or of a profile and the models behind it.

        Source: Bedrock user guide, "Prerequisites for inference profiles"; the models are bound to
        the profile by `bedrock:InferenceProfileArn`.
        """
        actions = SPEC.actions[self.allow]
        models = tuple(model.arn for model in info.implied)
        through = {"StringEquals": {"bedrock:InferenceProfileArn": info.arn}}
        behind = (Allowance("Behind", actions, models, through),) if models else ()
        return (Allowance("Model", actions, (info.arn,)), *behind)


ENTRY = ModelAccess
