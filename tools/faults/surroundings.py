"""What stands around a grant, and the ways in which it changes."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import boto3

from tests.kit.examples import ACCOUNT, OTHER_ACCOUNT
from tests.kit.resources import MAKE
from tests.kit.stack.aws import aws

BUCKET, SECRET, QUEUE = "around-data", "around/api", "around-jobs"
ACCESS = [
    {"service": "s3", "bucket": BUCKET, "prefix": "in", "allow": "read"},
    {"service": "secretsmanager", "secret": SECRET, "allow": "read"},
    {"service": "sqs", "queue": QUEUE, "allow": "send"},
]
_ADMIN = {"AWS": f"arn:aws:iam::{ACCOUNT}:role/admin"}


@dataclass
class Surroundings:
    """A bucket, a secret and a queue, each under a key; `keys` are all that they ever had."""

    keys: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    taken: bool = False

    def __post_init__(self) -> None:
        key = self.new_key()
        for service, name in (("s3", BUCKET), ("secretsmanager", SECRET), ("sqs", QUEUE)):
            MAKE[service](aws, name, key)
        self._noted()

    def new_key(self) -> str:
        """A key, whose policy lets IAM decide."""
        self.keys.append(str(aws("kms").create_key()["KeyMetadata"]["Arn"]))
        return self.keys[-1]

    def without_bucket(self) -> None:
        """The bucket is deleted."""
        aws("s3").delete_bucket(Bucket=BUCKET)

    def bucket_of_others(self) -> None:
        """The bucket is deleted, and another account makes one of its name."""
        self.without_bucket()
        os.environ["MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS"] = "false"  # as on AWS
        _stranger().create_bucket(Bucket=BUCKET)
        self.taken = True

    def without_secret(self) -> None:
        """The secret is deleted at once."""
        aws("secretsmanager").delete_secret(SecretId=SECRET, ForceDeleteWithoutRecovery=True)

    def secret_anew(self) -> None:
        """The secret is deleted and made again: it has another ARN."""
        self.without_secret()
        MAKE["secretsmanager"](aws, SECRET, self.keys[0])
        self._noted()

    def without_queue(self) -> None:
        """The queue is deleted."""
        aws("sqs").delete_queue(QueueUrl=_url())

    def queue_anew(self) -> None:
        """The queue is deleted and made again."""
        self.without_queue()
        MAKE["sqs"](aws, QUEUE, self.keys[0])

    def queue_under_another_key(self) -> None:
        """The queue's default key changes."""
        aws("sqs").set_queue_attributes(
            QueueUrl=_url(), Attributes={"KmsMasterKeyId": self.new_key()}
        )

    def secret_under_another_key(self) -> None:
        """The secret's key changes."""
        aws("secretsmanager").update_secret(SecretId=SECRET, KmsKeyId=self.new_key())

    def key_closed(self) -> None:
        """The key's policy is for its administrators only."""
        own = {"Effect": "Allow", "Principal": _ADMIN, "Action": "kms:*", "Resource": "*"}
        self._put_policy(own)

    def key_disabled(self) -> None:
        """The key is disabled."""
        aws("kms").disable_key(KeyId=self.keys[0].rpartition("/")[2])

    def restore(self) -> None:
        """Whatever went comes back; a stranger gives the bucket's name away."""
        aws("kms").enable_key(KeyId=self.keys[0].rpartition("/")[2])
        root = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
        self._put_policy({"Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"})
        if not any(one["Name"] == BUCKET for one in aws("s3").list_buckets()["Buckets"]):
            if self.taken:
                _stranger().delete_bucket(Bucket=BUCKET)
            MAKE["s3"](aws, BUCKET, self.keys[0])
        if not _has_secret():
            MAKE["secretsmanager"](aws, SECRET, self.keys[0])
        if not aws("sqs").list_queues(QueueNamePrefix=QUEUE).get("QueueUrls"):
            MAKE["sqs"](aws, QUEUE, self.keys[0])
        self._noted()

    def _noted(self) -> None:
        self.secrets.append(str(aws("secretsmanager").describe_secret(SecretId=SECRET)["ARN"]))

    def _put_policy(self, *statements: Any) -> None:
        policy = {"Version": "2012-10-17", "Statement": statements}
        aws("kms").put_key_policy(
            KeyId=self.keys[0], PolicyName="default", Policy=json.dumps(policy)
        )

    def allowed(self) -> set[str]:
        """The ARNs that a role may name: of the resources, as they were and are, and of keys."""
        queue = f"arn:aws:sqs:us-east-1:{ACCOUNT}:{QUEUE}"
        bucket = f"arn:aws:s3:::{BUCKET}"
        return {bucket, f"{bucket}/in/*", queue, *self.secrets, *self.keys}


@dataclass(frozen=True)
class Change:
    """A change around a grant; `lost` is whether something is then gone or closed."""

    name: str
    make: Callable[[Surroundings], None]
    lost: bool


CHANGES = (
    Change("the bucket goes", Surroundings.without_bucket, lost=True),
    Change("the bucket's name is taken", Surroundings.bucket_of_others, lost=True),
    Change("the secret goes", Surroundings.without_secret, lost=True),
    Change("the secret is made anew", Surroundings.secret_anew, lost=False),
    Change("the queue goes", Surroundings.without_queue, lost=True),
    Change("the queue is made anew", Surroundings.queue_anew, lost=False),
    Change("the queue has another key", Surroundings.queue_under_another_key, lost=False),
    Change("the secret has another key", Surroundings.secret_under_another_key, lost=False),
    Change("the key is closed", Surroundings.key_closed, lost=True),
    Change("the key is disabled", Surroundings.key_disabled, lost=True),
)


def _url() -> str:
    return str(aws("sqs").get_queue_url(QueueName=QUEUE)["QueueUrl"])


def _has_secret() -> bool:
    return any(one["Name"] == SECRET for one in aws("secretsmanager").list_secrets()["SecretList"])


def _stranger() -> Any:
    """A client of S3 in another account."""
    role = f"arn:aws:iam::{OTHER_ACCOUNT}:role/stranger"
    given = aws("sts").assume_role(RoleArn=role, RoleSessionName="stranger")["Credentials"]
    return boto3.client(
        "s3",
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )
