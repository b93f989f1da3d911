"""SNS: publishing to one topic."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StrictStr

from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services.allowance import HTTPS, Allowance, key_allowance
from latchkey.services.entry import Discover, ServiceEntry
from latchkey.services.resource import ResourceName
from latchkey.services.resource_info import ResourceInfo
from latchkey.services.sns.spec import SPEC
from latchkey.services.spec import Service


class TopicAccess(ServiceEntry):
    """Messages to one topic."""

    SPEC: ClassVar[Service] = SPEC

    service: Literal["sns"]
    topic: Annotated[StrictStr, ResourceName(SPEC), Field(description="The topic's name or ARN.")]
    allow: Annotated[
        Literal["publish"], Field(description="`publish`: publish messages, including in batches.")
    ]
    discover: Discover = False

    @override
    def allowed(self, info: ResourceInfo, environment: AwsEnvironment) -> tuple[Allowance, ...]:
        """The statements of one topic.

        Who publishes to an encrypted topic needs both key actions (SNS developer guide, "Managing
        encryption keys and costs"). Topics may be reached over plain HTTP, so HTTPS is asked for.
        """
        context = {"aws:sns:topicArn": info.arn}
        actions = ("kms:Decrypt", "kms:GenerateDataKey")
        key = key_allowance(environment, "sns", info, actions, context)
        return (Allowance("Topic", SPEC.actions[self.allow], (info.arn,), HTTPS), *key)


ENTRY = TopicAccess
