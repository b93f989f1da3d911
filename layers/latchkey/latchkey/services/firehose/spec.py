"""Amazon Data Firehose: putting records into one Firehose stream."""

from collections.abc import Mapping
from typing import Any

from latchkey.newer_python import override
from latchkey.services.arn_form import ArnForm
from latchkey.services.call import TEST_DATA, Call
from latchkey.services.spec import Service, last_part


class _Firehose(Service):
    @override
    def try_call(self, entry: Mapping[str, Any], arn: str) -> Call:
        given = {
            "DeliveryStreamName": last_part(entry["stream"]),
            "Record": {"Data": TEST_DATA},
        }
        leaves = "a test record in the stream"
        return Call("firehose", "put-record", given, "RecordId", leaves)


SPEC = _Firehose(
    name="firehose",
    title="Data Firehose",
    field="stream",
    resource_type="AWS::KinesisFirehose::DeliveryStream",
    arn=ArnForm(
        r"[A-Za-z0-9_.-]{1,64}",
        "1 to 64 letters, digits, '_', '.' and '-'",
        before="deliverystream/",
    ),
    actions={"put": ("firehose:PutRecord", "firehose:PutRecordBatch")},
    labels={
        "put": "PutRecord PutRecordBatch",
        "list names": "ListDeliveryStreams",
    },
    options=("discover",),
    discovers=("firehose:ListDeliveryStreams",),
    own=("deliverystream/latchkey-*",),
    boundary=(
        "ListDeliveryStreams",
        "PutRecord",
        "PutRecordBatch",
    ),
    also=frozenset({"firehose:PutRecordBatch"}),
    changed_by=(
        "firehose:CreateDeliveryStream",
        "firehose:DeleteDeliveryStream",
        "firehose:StartDeliveryStreamEncryption",
        "firehose:StopDeliveryStreamEncryption",
    ),
    lookup=("firehose:ListDeliveryStreams",),
    key_use=False,  # Firehose uses the key of a stream by a grant of its own
    example={"stream": "clicks-to-lake", "allow": "put"},
)
