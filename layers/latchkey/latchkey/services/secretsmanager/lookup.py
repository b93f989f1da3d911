"""Secrets: their full ARN, and the key that encrypts them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.lookup import Found, Lookup, NotGrantable, absent, found

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


def _find(secrets: "SecretsManagerClient", name: str, _: AwsEnvironment) -> Found | None:
    try:
        secret = secrets.describe_secret(SecretId=name)
    except ClientError as error:
        if absent(error, "ResourceNotFoundException"):
            return None
        raise
    if "DeletedDate" in secret:
        raise NotGrantable(f"the secret {name!r} is scheduled for deletion; restore it first")
    return found(secret["ARN"], secret.get("KmsKeyId"))


def _names(secrets: "SecretsManagerClient") -> Iterator[str]:
    for page in secrets.get_paginator("list_secrets").paginate():
        yield from (secret["Name"] for secret in page["SecretList"])


LOOKUP = Lookup("secretsmanager", "secret", _find, _names)
