"""SNS: publishing messages for chats, which nobody has to get."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from latchkey.aws.error_codes import translated
from latchkey.text import json_text

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


class ChatTopic:
    """Publishes to one topic; what fails is handed to `failed`, and never raised.

    A message that is not sent must not have the whole step tried again: its e-mail would come
    twice. botocore has tried several times by then.
    """

    def __init__(
        self, client: "SNSClient", arn: str, failed: Callable[[Exception], object]
    ) -> None:
        self._sns = client
        self._arn = arn
        self._failed = failed

    def publish(self, message: Mapping[str, Any]) -> None:
        """Publish a message (`reports/chat.py`)."""
        try:
            with translated(f"publish to {self._arn}"):
                self._sns.publish(TopicArn=self._arn, Message=json_text(message))
        except Exception as error:  # noqa: BLE001 (whatever it is, the outcome was told elsewhere)
            self._failed(error)
