"""Amazon Kinesis Data Streams: reading from one data stream, or writing to it."""

from collections.abc import Iterator, Mapping
from typing import Any

from latchkey.newer_python import override
from latchkey.services.arn_form import ArnForm
from latchkey.services.call import TEST_DATA, TEST_NAME, Call, Found
from latchkey.services.spec import Service, last_part, named_as

_LOOK = ("kinesis:DescribeStreamSummary", "kinesis:ListShards")

FAN_OUT = ("kinesis:DescribeStreamConsumer", "kinesis:SubscribeToShard")
"""What `fan_out` adds on the consumers of a stream; registering one is asked of the stream."""

REGISTER = ("kinesis:DescribeStreamConsumer", "kinesis:RegisterStreamConsumer")

_CONSUMERS = "/consumer/*"


class _Kinesis(Service):
    @override
    def describe(self, rest: str) -> str | None:
        """With its consumers, where these are meant."""
        stream = rest.removesuffix(_CONSUMERS)
        named = named_as(self.noun, self.arn.before, stream)
        return f"{named}, its consumers" if named and stream != rest else named

    @override
    def tries(self, entry: Mapping[str, Any], arn: str) -> Iterator[Call]:
        stream = {"StreamName": last_part(entry["stream"])}
        status = "StreamDescriptionSummary.StreamStatus"
        yield Call("kinesis", "describe-stream-summary", stream, status)
        if entry["allow"] == "read":
            shards = Call("kinesis", "list-shards", stream, "length(Shards)")
            one = {"ShardId": Found(shards, "ShardId", "Shards")}
            begin = {**stream, **one, "ShardIteratorType": "TRIM_HORIZON"}
            iterator = Call("kinesis", "get-shard-iterator", begin, "ShardIterator")
            given = {"ShardIterator": Found(iterator, "ShardIterator"), "Limit": 1}
            yield Call("kinesis", "get-records", given, "length(Records)")
        else:
            given = {**stream, "PartitionKey": TEST_NAME, "Data": TEST_DATA}
            yield Call("kinesis", "put-record", given, "ShardId", "a test record in the stream")


SPEC = _Kinesis(
    name="kinesis",
    title="Kinesis",
    field="stream",
    resource_type="AWS::Kinesis::Stream",
    arn=ArnForm(
        r"[A-Za-z0-9_.-]{1,128}",
        "1 to 128 letters, digits, '_', '.' and '-'",
        before="stream/",
        below="/",
        within=r"/consumer/(?:[A-Za-z0-9_.-]{1,128}(?::[0-9]+)?|\*)",
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
        "subscribe": "SubscribeToShard",
        "register consumers": "RegisterStreamConsumer",
        "look up": "DescribeStream DescribeStreamConsumer DescribeStreamSummary ListShards",
        "list names": "ListStreams",
    },
    options=("fan_out", "discover"),
    discovers=("kinesis:ListStreams",),
    own=("stream/latchkey-*",),
    boundary=(
        "DescribeStream",
        "DescribeStreamConsumer",
        "DescribeStreamSummary",
        "GetRecords",
        "GetShardIterator",
        "ListShards",
        "ListStreams",
        "PutRecord",
        "PutRecords",
        "RegisterStreamConsumer",
        "SubscribeToShard",
    ),
    also=frozenset(
        {*_LOOK, "kinesis:DescribeStream", "kinesis:GetShardIterator", "kinesis:PutRecords"}
    ),
    changed_by=(
        "kinesis:CreateStream",
        "kinesis:DeleteStream",
        "kinesis:StartStreamEncryption",
        "kinesis:StopStreamEncryption",
    ),
    lookup=("kinesis:DescribeStreamSummary", "kinesis:ListStreams"),
    example={"stream": "clicks", "allow": "read"},
)
