"""What the policies of buckets, queues and topics refuse without TLS."""

from collections.abc import Iterable
from typing import Any

from moto.s3.models import s3_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from sandbox.account import ACCOUNT, PARTITION, region_of
from sandbox.iam.authorisation import policy_denies
from sandbox.iam.permission import RequiredPermission
from sandbox.iam.request import Refusal, Request

_WITHOUT_TLS = {"aws:SecureTransport": "false"}


def secure_transport(request: Request, permissions: Iterable[RequiredPermission]) -> None:
    """A statement that denies `aws:SecureTransport` false, where the sandbox offers TLS.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html, "Enforce
    encryption of data in transit".
    """
    for needed in () if request.secure else permissions:
        policy = _policy(needed.resource)
        if policy and policy_denies(policy, needed.action, needed.resource, _WITHOUT_TLS):
            text = (
                f"not authorized to perform: {needed.action} on resource: {needed.resource} with "
                "an explicit deny in a resource-based policy"
            )
            raise Refusal("AccessDenied", text)


def _policy(arn: str) -> Any:
    """The policy of a bucket, a queue or a topic; None where there is none."""
    service, _, rest = arn.partition(":::") if ":::" in arn else arn.rpartition(":")
    match service.split(":")[2:3]:
        case ["s3"]:
            bucket = s3_backends[ACCOUNT][PARTITION].buckets.get(rest.partition("/")[0])
            return bucket.policy.decode() if bucket and bucket.policy else None
        case ["sqs"]:
            queue = sqs_backends[ACCOUNT][region_of(arn)].queues.get(rest)
            return queue.policy if queue else None
        case ["sns"]:
            topic = sns_backends[ACCOUNT][region_of(arn)].topics.get(arn)
            return topic.policy if topic else None
        case _:
            return None
