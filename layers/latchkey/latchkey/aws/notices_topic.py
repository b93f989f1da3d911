"""SNS: publishing notices for people."""

from typing import TYPE_CHECKING

from latchkey.aws.error_codes import translated
from latchkey.reports.mail import Notice

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


class NoticesTopic:
    """Publishes to one topic."""

    def __init__(self, client: "SNSClient", arn: str) -> None:
        self._sns = client
        self._arn = arn

    def publish(self, notice: Notice) -> None:
        """Publish a notice; its attributes are strings that subscriptions filter by."""
        with translated(f"publish to {self._arn}"):
            self._sns.publish(
                TopicArn=self._arn,
                Subject=notice.subject,
                Message=notice.text,
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value}
                    for name, value in notice.attributes.items()
                },
            )
