"""Kinesis: reading from one data stream, or writing to it."""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, StrictBool, StrictStr, ValidationInfo

from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services.allowance import Allowance, key_allowance
from latchkey.services.entry import Discover, ServiceEntry
from latchkey.services.kinesis.spec import FAN_OUT, REGISTER, SPEC
from latchkey.services.resource import ResourceName
from latchkey.services.resource_info import ResourceInfo
from latchkey.services.spec import Service

_KEY_ACTIONS = {"read": ("kms:Decrypt",), "write": ("kms:GenerateDataKey",)}


def _fan_out(wanted: bool, info: ValidationInfo) -> bool:
    if wanted and info.data.get("allow") == "write":
        raise ValueError("`write` reads no records, so there is nothing to add; leave it out")
    return wanted


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
    fan_out: Annotated[
        StrictBool,
        AfterValidator(_fan_out),
        Field(
            description="`true`: also register consumers with enhanced fan-out, and subscribe to "
            "shards by them. Only with `read`."
        ),
    ] = False
    discover: Discover = False

    @override
    def allowed(self, info: ResourceInfo, environment: AwsEnvironment) -> tuple[Allowance, ...]:
        """The statements of one stream.

        Source: Kinesis developer guide, "Permissions to use user-generated KMS keys".
        """
        context = {"aws:kinesis:arn": info.arn}
        key = key_allowance(environment, "kinesis", info, _KEY_ACTIONS[self.allow], context)
        actions = SPEC.actions[self.allow]
        if not self.fan_out:
            return (Allowance("Stream", actions, (info.arn,)), *key)
        on_stream = tuple(sorted({*actions, *REGISTER}))
        consumers = Allowance("Consumers", FAN_OUT, (f"{info.arn}/consumer/*",))
        return (Allowance("Stream", on_stream, (info.arn,)), consumers, *key)


ENTRY = StreamAccess
