"""Data Firehose: putting records into one Firehose stream."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StrictStr

from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services.allowance import Allowance
from latchkey.services.entry import Discover, ServiceEntry
from latchkey.services.firehose.spec import SPEC
from latchkey.services.resource import ResourceName
from latchkey.services.resource_info import ResourceInfo
from latchkey.services.spec import Service


class FirehoseAccess(ServiceEntry):
    """Records to one Firehose stream."""

    SPEC: ClassVar[Service] = SPEC

    service: Literal["firehose"]
    stream: Annotated[
        StrictStr, ResourceName(SPEC), Field(description="The Firehose stream's name or ARN.")
    ]
    allow: Annotated[Literal["put"], Field(description="`put`: put records, including in batches.")]
    discover: Discover = False

    @override
    def allowed(self, info: ResourceInfo, environment: AwsEnvironment) -> tuple[Allowance, ...]:
        """The statement of one stream; whoever puts records needs no key.

        Source: Data Firehose developer guide, "Data protection in Amazon Data Firehose".
        """
        return (Allowance("Stream", SPEC.actions[self.allow], (info.arn,)),)


ENTRY = FirehoseAccess
