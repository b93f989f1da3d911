"""CloudWatch Logs: reading one log group, or writing to it."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StrictStr

from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services.allowance import Allowance
from latchkey.services.entry import Discover, ServiceEntry
from latchkey.services.logs.spec import SPEC, STREAM_ACTIONS
from latchkey.services.resource import ResourceName
from latchkey.services.resource_info import ResourceInfo
from latchkey.services.spec import Service


class LogGroupAccess(ServiceEntry):
    """Log events of one log group."""

    SPEC: ClassVar[Service] = SPEC

    service: Literal["logs"]
    log_group: Annotated[
        StrictStr,
        ResourceName(SPEC),
        Field(description="The log group's name, or its ARN without `:*` at the end."),
    ]
    allow: Annotated[
        Literal["read", "write"],
        Field(
            description="`read`: get and filter log events. `write`: put log events, in log "
            "streams that exist or that the partner creates."
        ),
    ]
    discover: Discover = False

    @override
    def allowed(self, info: ResourceInfo, environment: AwsEnvironment) -> tuple[Allowance, ...]:
        """The statements of one log group.

        Queries are not among them: IAM does not tie the results of a query to a log group
        everywhere, and live tails can be had by `custom`. A key of the log group is used by
        CloudWatch Logs itself.

        Sources: Service Authorization Reference for Amazon CloudWatch Logs; CloudWatch Logs user
        guide, "Encrypt log data in CloudWatch Logs using AWS Key Management Service".
        """
        actions = SPEC.actions[self.allow]
        on_group = tuple(action for action in actions if action not in STREAM_ACTIONS)
        on_streams = tuple(action for action in actions if action in STREAM_ACTIONS)
        return (
            Allowance("Group", on_group, (f"{info.arn}:*",)),
            Allowance("Streams", on_streams, (f"{info.arn}:log-stream:*",)),
        )


ENTRY = LogGroupAccess
