"""Kinesis: reading from one data stream, or writing to it."""

from typing import Annotated, ClassVar, Literal, override

from pydantic import Field, StrictStr

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.allowance import Allowance, key_allowance
from latchkey.services.entry import ServiceEntry
from latchkey.services.kinesis.spec import SPEC
from latchkey.services.resource import ResourceName
from latchkey.services.resource_info import ResourceInfo
from latchkey.services.spec import Service

_KEY_ACTIONS = {"read": ("kms:Decrypt",), "write": ("kms:GenerateDataKey",)}


class StreamAccess(ServiceEntry):
    """Records of one data stream."""

    SPEC: ClassVar[Service] = SPEC

    service: Literal["kinesis"]
    stream: Annotated[
        StrictStr, ResourceName(SPEC), Field(description="The data stream's name or ARN.")
    ]
    allow: Annotated[
        Literal["read", "write"],
        Field(
            description="`read`: list shards and get records. `write`: put records, including in "
            "batches."
        ),
    ]

    @override
    def allowed(self, info: ResourceInfo, environment: AwsEnvironment) -> tuple[Allowance, ...]:
        """The statements of one stream.

        Source: Kinesis developer guide, "Permissions to use user-generated KMS keys".
        """
        context = {"aws:kinesis:arn": info.arn}
        key = key_allowance(environment, "kinesis", info, _KEY_ACTIONS[self.allow], context)
        return (Allowance("Stream", SPEC.actions[self.allow], (info.arn,)), *key)


ENTRY = StreamAccess
