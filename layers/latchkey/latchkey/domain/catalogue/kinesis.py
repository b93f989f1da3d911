"""Kinesis: reading from one data stream, or writing to it."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, override

from pydantic import Field, StrictStr

from latchkey.domain.catalogue.entry import Allowance, Facts, Place, ServiceEntry, key_allowance
from latchkey.domain.catalogue.resource import ResourceName

_STREAM = ResourceName(
    "stream",
    "kinesis",
    r"[A-Za-z0-9_.-]{1,128}",
    "1 to 128 letters, digits, '_', '.' and '-'",
    before="stream/",
)
_LOOK = ("kinesis:DescribeStreamSummary", "kinesis:ListShards")
_ACTIONS = {
    "read": (
        "kinesis:DescribeStream",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        *_LOOK,
    ),
    "write": (*_LOOK, "kinesis:PutRecord", "kinesis:PutRecords"),
}
_KEY_ACTIONS = {"read": ("kms:Decrypt",), "write": ("kms:GenerateDataKey",)}


class StreamAccess(ServiceEntry):
    """Records of one data stream."""

    RESOURCE: ClassVar[str] = "stream"

    service: Literal["kinesis"]
    stream: Annotated[StrictStr, _STREAM, Field(description="The data stream's name or ARN.")]
    allow: Annotated[
        Literal["read", "write"],
        Field(
            description="`read`: list shards and get records. `write`: put records, including in "
            "batches."
        ),
    ]

    @override
    def allowances(self, found: Sequence[Facts], place: Place) -> tuple[Allowance, ...]:
        """The statements of one stream.

        Source: Kinesis developer guide, "Permissions to use user-generated KMS keys".
        """
        (facts,) = found
        context = {"aws:kinesis:arn": facts.arn}
        key = key_allowance(place, "kinesis", facts, _KEY_ACTIONS[self.allow], context)
        return (Allowance("Stream", _ACTIONS[self.allow], (facts.arn,)), *key)
