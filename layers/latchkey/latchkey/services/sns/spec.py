"""Amazon SNS: publishing to one topic."""

from collections.abc import Mapping
from typing import Any

from latchkey.newer_python import override
from latchkey.services.arn_form import ArnForm
from latchkey.services.call import TEST_NAME, Call, grouped
from latchkey.services.spec import Service


class _Sns(Service):
    @override
    def try_call(self, entry: Mapping[str, Any], arn: str) -> Call:
        given = {"TopicArn": arn, "Message": TEST_NAME, **grouped(arn)}
        return Call("sns", "publish", given, "MessageId", "a test message to all subscribers")


SPEC = _Sns(
    name="sns",
    title="SNS",
    field="topic",
    resource_type="AWS::SNS::Topic",
    arn=ArnForm(
        r"[A-Za-z0-9_-]{1,256}|[A-Za-z0-9_-]{1,251}\.fifo",
        "1 to 256 letters, digits, '_' and '-', '.fifo' at the end of FIFO topics",
    ),
    actions={"publish": ("sns:Publish",)},
    labels={
        "publish": "Publish",
        "look up": "GetTopicAttributes",
        "list names": "ListTopics",
    },
    options=("discover",),
    discovers=("sns:ListTopics",),
    own=("latchkey-*",),
    boundary=(
        "GetTopicAttributes",
        "ListTopics",
        "Publish",
    ),
    changed_by=(
        "sns:CreateTopic",
        "sns:DeleteTopic",
        "sns:SetTopicAttributes",
    ),
    lookup=("sns:GetTopicAttributes", "sns:ListTopics"),
    plain_http=True,
    example={"topic": "order-events", "allow": "publish"},
)
