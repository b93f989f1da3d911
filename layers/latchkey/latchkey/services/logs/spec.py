"""Amazon CloudWatch Logs: reading one log group, or writing to it."""

from collections.abc import Iterator, Mapping
from typing import Any

from latchkey.newer_python import override
from latchkey.services.arn_form import ArnForm
from latchkey.services.call import Call
from latchkey.services.spec import Conditions, EntryFields, Service, named_as

_IN_GROUP = (":*", ":log-stream:*")
STREAM_ACTIONS = frozenset({"logs:CreateLogStream", "logs:GetLogEvents", "logs:PutLogEvents"})
"""The actions on log streams; the others are on the log group."""


class _Logs(Service):
    """IAM asks about a log group by its ARN with `:*` behind it, and about its streams by theirs.

    Source: CloudWatch Logs user guide, "Overview of managing access permissions to your CloudWatch
    Logs resources".
    """

    @override
    def describe(self, rest: str) -> str | None:
        """The log group, its streams, or one of them."""
        group, _, stream = self.arn.plain(rest).partition(":")
        named = named_as(self.noun, "", group)
        if not rest.startswith(self.arn.before) or named is None:
            return None
        if stream in ("", "*"):
            return named
        name = stream.removeprefix("log-stream:")
        return f"{named}, its log streams" if name == "*" else f"{named}, log stream {name}"

    @override
    def reached(self, action: str, arn: str, conditions: Conditions) -> tuple[str, ...]:
        """All streams of a log group are the log group."""
        return (f"{arn.removesuffix(_IN_GROUP[1])}:*" if arn.endswith(_IN_GROUP[1]) else arn,)

    @override
    def shown(self, local: str) -> str:
        return local.partition(":")[0]

    @override
    def imported(self, arn: str, rest: str) -> Iterator[EntryFields]:
        """A log group by its own ARN, or by that of all its streams."""
        for end in _IN_GROUP:
            if rest.endswith(end):
                return super().imported(arn.removesuffix(end), rest.removesuffix(end))
        return super().imported(arn, rest)

    @override
    def try_call(self, entry: Mapping[str, Any], arn: str) -> Call:
        given = {"logGroupName": arn.partition(f":{self.arn.before}")[2], "limit": 1}
        return Call("logs", "describe-log-streams", given, "logStreams[].logStreamName")


SPEC = _Logs(
    name="logs",
    title="CloudWatch Logs",
    field="log_group",
    resource_type="AWS::Logs::LogGroup",
    arn=ArnForm(
        r"[A-Za-z0-9_/.#-]{1,512}",
        "1 to 512 letters, digits, '_', '/', '.', '#' and '-'",
        before="log-group:",
        below=":",
        within=r":(?:\*|log-stream:(?:[A-Za-z0-9_/.#-]{1,512}|\*))",
        slashes=True,
    ),
    actions={
        "read": ("logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents"),
        "write": ("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
    },
    labels={
        "read": "FilterLogEvents GetLogEvents",
        "write": "PutLogEvents",
        "create streams": "CreateLogStream",
        "look up": "DescribeLogStreams",
        "list names": "DescribeLogGroups",
    },
    secondary=frozenset({"look up", "create streams"}),
    options=("discover",),
    discovers=("logs:DescribeLogGroups",),
    own=(
        "log-group:/latchkey/*",
        "log-group:/aws/vendedlogs/states/latchkey-*",
        "log-group:/aws/lambda/latchkey-*",
    ),
    boundary=(
        "CreateLogStream",
        "DescribeLogGroups",
        "DescribeLogStreams",
        "FilterLogEvents",
        "GetLogEvents",
        "PutLogEvents",
    ),
    also=frozenset({"logs:DescribeLogStreams", "logs:CreateLogStream"}),
    changed_by=(
        "logs:AssociateKmsKey",
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "logs:DisassociateKmsKey",
    ),
    lookup=("logs:DescribeLogGroups",),
    key_use=False,  # CloudWatch Logs uses the key of a log group itself
    example={"log_group": "/northwind/import", "allow": "read"},
)
