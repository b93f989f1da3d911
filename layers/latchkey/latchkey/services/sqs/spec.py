"""Amazon SQS: sending to one queue, or consuming from it."""

from collections.abc import Iterator, Mapping
from typing import Any

from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import override
from latchkey.services.arn_form import ArnForm
from latchkey.services.call import TEST_NAME, Call, Found, grouped
from latchkey.services.spec import Service, last_part

_LOOK = ("sqs:GetQueueAttributes", "sqs:GetQueueUrl")


class _Sqs(Service):
    @override
    def tries(self, entry: Mapping[str, Any], arn: str) -> Iterator[Call]:
        name = last_part(entry["queue"])
        where = Call("sqs", "get-queue-url", {"QueueName": name}, "QueueUrl")
        queue = {"QueueUrl": Found(where, "QueueUrl")}
        yield where
        if entry["allow"] == "send":
            given = {**queue, "MessageBody": TEST_NAME, **grouped(name)}
            yield Call("sqs", "send-message", given, "MessageId", "a test message in the queue")
        else:
            given = {**queue, "MaxNumberOfMessages": 1, "VisibilityTimeout": 0}
            left = "one more on the receive count of a message"
            yield Call("sqs", "receive-message", given, "length(Messages || `[]`)", left)

    @override
    def pasted(
        self, entry: Mapping[str, Any], arn: str, environment: AwsEnvironment
    ) -> Iterator[tuple[str, str]]:
        """Also by URL.

        Source: SQS developer guide, "Queue and message identifiers".
        """
        *_, region, account, name = arn.split(":")
        yield "queue URL", f"https://sqs.{region}.{environment.dns_suffix}/{account}/{name}"
        yield from super().pasted(entry, arn, environment)


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
        "list names": "ListQueues",
    },
    secondary=frozenset({"look up", "change visibility"}),
    options=("discover",),
    discovers=("sqs:ListQueues",),
    own=("latchkey-*",),
    boundary=(
        "ChangeMessageVisibility",
        "DeleteMessage",
        "GetQueueAttributes",
        "GetQueueUrl",
        "ListQueues",
        "PurgeQueue",
        "ReceiveMessage",
        "SendMessage",
    ),
    also=frozenset({"sqs:ChangeMessageVisibility", *_LOOK}),
    changed_by=(
        "sqs:CreateQueue",
        "sqs:DeleteQueue",
        "sqs:SetQueueAttributes",
    ),
    lookup=("sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueues"),
    plain_http=True,
    example={"queue": "orders", "allow": "send"},
)
