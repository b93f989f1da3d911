"""What the policies of buckets, queues and topics deny, whoever calls."""

from collections.abc import Iterable
from typing import Any

from moto.s3.models import s3_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from sandbox.account import ACCOUNT, PARTITION, region_of
from sandbox.iam import roles
from sandbox.iam.authorisation import policy_denies
from sandbox.iam.permission import RequiredPermission
from sandbox.iam.request import Refusal, Request


def denied_by_resource(request: Request, permissions: Iterable[RequiredPermission]) -> None:
    """A statement that denies everybody, or all but a role: by TLS, or by `aws:PrincipalArn`.

    That of a session is the ARN of its role, and whoever is no session counts as the root of its
    account (IAM user guide, "AWS global condition context keys", `aws:PrincipalArn`). The policy
    may name `aws:userid` as a variable. An explicit deny in any policy wins, over the owner of the
    bucket too ("Policy evaluation logic").
    """
    session = roles.session(request.access_key)
    account = request.access_key if request.access_key.isdigit() else ACCOUNT
    context = {
        "aws:SecureTransport": str(request.secure).lower(),
        "aws:PrincipalArn": session.role_arn if session else f"arn:aws:iam::{account}:root",
        "aws:userid": roles.user_id(request.access_key),
    }
    for needed in permissions:
        policy = _policy(needed.resource)
        if policy and policy_denies(policy, needed.action, needed.resource, context):
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
