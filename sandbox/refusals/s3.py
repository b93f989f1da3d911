"""What S3 refuses."""

from moto.sqs.models import sqs_backends

from sandbox.account import ACCOUNT, region_of
from sandbox.iam.authorisation import policy_allows
from sandbox.iam.request import Refusal, Request


def notification_destinations(request: Request) -> None:
    """S3 asks whether it may send before it takes a configuration.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html,
    and https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html.
    """
    given = request.parameters
    wanted = given.get("NotificationConfiguration", {}).get("QueueConfigurations") or []
    context = {
        "aws:SourceArn": f"arn:aws:s3:::{given.get('Bucket')}",
        "aws:SourceAccount": ACCOUNT,
        "aws:SecureTransport": "true",
    }
    for arn in (one["QueueArn"] for one in wanted):
        queue = sqs_backends[ACCOUNT][region_of(arn)].queues.get(arn.rsplit(":", 1)[-1])
        policy = queue.policy if queue else None
        sends = "sqs:SendMessage"
        if not policy or not policy_allows(policy, {"s3.amazonaws.com"}, sends, arn, context):
            text = "Unable to validate the following destination configurations"
            raise Refusal("InvalidArgument", text, 400)
