"""Secrets: their full ARN, and the key that encrypts them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.lookup import Clients, Found, Lookup, NotGrantable, absent, found
from latchkey.services.secretsmanager.spec import SPEC

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


def _find(clients: Clients, name: str, _: AwsEnvironment) -> Found | None:
    secrets: SecretsManagerClient = clients("secretsmanager")
    try:
        secret = secrets.describe_secret(SecretId=name)
    except ClientError as error:
        if absent(error, "ResourceNotFoundException"):
            return None
        raise
    if "DeletedDate" in secret:
        raise NotGrantable(f"the secret {name!r} is scheduled for deletion; restore it first")
    return found(secret["ARN"], secret.get("KmsKeyId"))


def _names(clients: Clients) -> Iterator[str]:
    secrets: SecretsManagerClient = clients("secretsmanager")
    for page in secrets.get_paginator("list_secrets").paginate():
        yield from (secret["Name"] for secret in page["SecretList"])


LOOKUP = Lookup(SPEC.noun, _find, _names)
