"""Amazon Kinesis Data Streams: reading from one data stream, or writing to it."""

from collections.abc import Iterator, Mapping
from typing import Any, override

from latchkey.services.arn_form import ArnForm
from latchkey.services.call import TEST_DATA, TEST_NAME, Call, Found
from latchkey.services.spec import Service, last_part

_LOOK = ("kinesis:DescribeStreamSummary", "kinesis:ListShards")


class _Kinesis(Service):
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
