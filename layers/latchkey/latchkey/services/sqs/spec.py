"""Amazon SQS: sending to one queue, or consuming from it."""

from collections.abc import Mapping
from typing import Any, override

from latchkey.services.arn_form import ArnForm
from latchkey.services.call import Call
from latchkey.services.spec import Service, last_part

_LOOK = ("sqs:GetQueueAttributes", "sqs:GetQueueUrl")


class _Sqs(Service):
    @override
    def try_call(self, entry: Mapping[str, Any], arn: str) -> Call:
        given = {"QueueName": last_part(entry["queue"])}
        return Call("sqs", "get-queue-url", given, "QueueUrl")


SPEC = _Sqs(
    name="sqs",
    title="SQS",
    field="queue",
    resource_type="AWS::SQS::Queue",
    arn=ArnForm(
        r"[A-Za-z0-9_-]{1,80}|[A-Za-z0-9_-]{1,75}\.fifo",
        "1 to 80 letters, digits, '_' and '-', '.fifo' at the end of FIFO queues",
    ),
    actions={
        "send": (*_LOOK, "sqs:SendMessage"),
        "consume": (
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            *_LOOK,
            "sqs:ReceiveMessage",
        ),
    },
    labels={
        "send": "SendMessage",
        "receive": "ReceiveMessage",
        "delete": "DeleteMessage",
        "change visibility": "ChangeMessageVisibility",
        "purge": "PurgeQueue",
        "look up": "GetQueueAttributes GetQueueUrl",
    },
    secondary=frozenset({"look up", "change visibility"}),
    own=("latchkey-*",),
    boundary=(
        "ChangeMessageVisibility",
        "DeleteMessage",
        "GetQueueAttributes",
        "GetQueueUrl",
        "PurgeQueue",
        "ReceiveMessage",
        "SendMessage",
    ),
    also=frozenset({"sqs:ChangeMessageVisibility", *_LOOK}),
    lookup=("sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueues"),
    plain_http=True,
    example={"queue": "orders", "allow": "send"},
)
