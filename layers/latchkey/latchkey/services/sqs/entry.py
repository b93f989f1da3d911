"""SQS: sending to one queue, or consuming from it."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StrictStr

from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services.allowance import HTTPS, Allowance, key_allowance
from latchkey.services.entry import Discover, ServiceEntry
from latchkey.services.resource import ResourceName
from latchkey.services.resource_info import ResourceInfo
from latchkey.services.spec import Service
from latchkey.services.sqs.spec import SPEC

_KEY_ACTIONS = {"send": ("kms:Decrypt", "kms:GenerateDataKey"), "consume": ("kms:Decrypt",)}


class QueueAccess(ServiceEntry):
    """Messages of one queue."""

    SPEC: ClassVar[Service] = SPEC

    service: Literal["sqs"]
    queue: Annotated[
        StrictStr, ResourceName(SPEC), Field(description="The queue's name or ARN, not its URL.")
    ]
    allow: Annotated[
        Literal["send", "consume"],
        Field(
            description="`send`: send messages. `consume`: receive and delete messages and change "
            "their visibility. Both including in batches."
        ),
    ]
    discover: Discover = False

    @override
    def allowed(self, info: ResourceInfo, environment: AwsEnvironment) -> tuple[Allowance, ...]:
        """The statements of one queue.

        The batch operations are authorised as their single ones. Who sends to an encrypted queue
        needs Decrypt besides GenerateDataKey, to check the data key.

        Sources: Service Authorization Reference for Amazon SQS; SQS developer guide, "Key
        management". Queues may be reached over plain HTTP, so HTTPS is asked for.
        """
        context = {"aws:sqs:arn": info.arn}
        key = key_allowance(environment, "sqs", info, _KEY_ACTIONS[self.allow], context)
        return (Allowance("Queue", SPEC.actions[self.allow], (info.arn,), HTTPS), *key)


ENTRY = QueueAccess
