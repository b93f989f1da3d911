"""Amazon Kinesis Data Streams: reading from one data stream, or writing to it."""

from collections.abc import Mapping
from typing import Any, override

from latchkey.services.arn_form import ArnForm
from latchkey.services.call import Call
from latchkey.services.spec import Service, last_part

_LOOK = ("kinesis:DescribeStreamSummary", "kinesis:ListShards")


class _Kinesis(Service):
    @override
    def try_call(self, entry: Mapping[str, Any], arn: str) -> Call:
        given = {"StreamName": last_part(entry["stream"])}
        status = "StreamDescriptionSummary.StreamStatus"
        return Call("kinesis", "describe-stream-summary", given, status)


SPEC = _Kinesis(
    name="kinesis",
    title="Kinesis",
    field="stream",
    resource_type="AWS::Kinesis::Stream",
    arn=ArnForm(
        r"[A-Za-z0-9_.-]{1,128}",
        "1 to 128 letters, digits, '_', '.' and '-'",
        before="stream/",
    ),
    actions={
        "read": (
            "kinesis:DescribeStream",
            "kinesis:GetRecords",
            "kinesis:GetShardIterator",
            *_LOOK,
        ),
        "write": (*_LOOK, "kinesis:PutRecord", "kinesis:PutRecords"),
    },
    labels={
        "read": "GetRecords GetShardIterator",
        "put": "PutRecord PutRecords",
        "look up": "DescribeStream DescribeStreamSummary ListShards",
    },
    own=("stream/latchkey-*",),
    boundary=(
        "DescribeStream",
        "DescribeStreamSummary",
        "GetRecords",
        "GetShardIterator",
        "ListShards",
        "PutRecord",
        "PutRecords",
    ),
    also=frozenset(
        {*_LOOK, "kinesis:DescribeStream", "kinesis:GetShardIterator", "kinesis:PutRecords"}
    ),
    lookup=("kinesis:DescribeStreamSummary", "kinesis:ListStreams"),
    example={"stream": "clicks", "allow": "read"},
)
