"""SNS: publishing to one topic."""

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

_TOPIC = ResourceName(
    "topic",
    "sns",
    r"[A-Za-z0-9_-]{1,256}|[A-Za-z0-9_-]{1,251}\.fifo",
    "1 to 256 letters, digits, '_' and '-', '.fifo' at the end of FIFO topics",
)


class TopicAccess(ServiceEntry):
    """Messages to one topic."""

    RESOURCE: ClassVar[str] = "topic"

    service: Literal["sns"]
    topic: Annotated[StrictStr, _TOPIC, Field(description="The topic's name or ARN.")]
    allow: Annotated[
        Literal["publish"], Field(description="`publish`: publish messages, including in batches.")
    ]

    @override
    def allowances(self, found: Sequence[Facts], place: Place) -> tuple[Allowance, ...]:
        """The statements of one topic.

        Who publishes to an encrypted topic needs both key actions (SNS developer guide, "Managing
        encryption keys and costs"). Topics may be reached over plain HTTP, so HTTPS is asked for.
        """
        (facts,) = found
        context = {"aws:sns:topicArn": facts.arn}
        actions = ("kms:Decrypt", "kms:GenerateDataKey")
        key = key_allowance(place, "sns", facts, actions, context)
        return (Allowance("Topic", ("sns:Publish",), (facts.arn,), HTTPS), *key)
