"""SQS: sending to one queue, or consuming from it."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, override

from pydantic import Field, StrictStr

from latchkey.domain.catalogue.entry import (
    HTTPS,
    Allowance,
    Facts,
    Place,
    ServiceEntry,
    key_allowance,
)
from latchkey.domain.catalogue.resource import ResourceName

_QUEUE = ResourceName(
    "queue",
    "sqs",
    r"[A-Za-z0-9_-]{1,80}|[A-Za-z0-9_-]{1,75}\.fifo",
    "1 to 80 letters, digits, '_' and '-', '.fifo' at the end of FIFO queues",
)
_LOOK = ("sqs:GetQueueAttributes", "sqs:GetQueueUrl")
_ACTIONS = {
    "send": (*_LOOK, "sqs:SendMessage"),
    "consume": ("sqs:ChangeMessageVisibility", "sqs:DeleteMessage", *_LOOK, "sqs:ReceiveMessage"),
}
_KEY_ACTIONS = {"send": ("kms:Decrypt", "kms:GenerateDataKey"), "consume": ("kms:Decrypt",)}


class QueueAccess(ServiceEntry):
    """Messages of one queue."""

    RESOURCE: ClassVar[str] = "queue"

    service: Literal["sqs"]
    queue: Annotated[StrictStr, _QUEUE, Field(description="The queue's name or ARN, not its URL.")]
    allow: Annotated[
        Literal["send", "consume"],
        Field(
            description="`send`: send messages. `consume`: receive and delete messages and change "
            "their visibility. Both including in batches."
        ),
    ]

    @override
    def allowances(self, found: Sequence[Facts], place: Place) -> tuple[Allowance, ...]:
        """The statements of one queue.

        The batch operations are authorised as their single ones. Who sends to an encrypted queue
        needs Decrypt besides GenerateDataKey, to check the data key.

        Sources: Service Authorization Reference for Amazon SQS; SQS developer guide, "Key
        management". Queues may be reached over plain HTTP, so HTTPS is asked for.
        """
        (facts,) = found
        context = {"aws:sqs:arn": facts.arn}
        key = key_allowance(place, "sqs", facts, _KEY_ACTIONS[self.allow], context)
        return (Allowance("Queue", _ACTIONS[self.allow], (facts.arn,), HTTPS), *key)
