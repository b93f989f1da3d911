"""Whose a resource is, as `aws:ResourceAccount` tells it."""

from moto.s3.models import s3_backends

from sandbox.account import ACCOUNT


def owner(resource: str) -> str:
    """The account of a resource by its ARN; that of a bucket, whose ARN has none, by moto's list.

    What does not exist, or is named by a pattern, counts as ours.
    """
    parts = resource.split(":", 5)
    if len(parts) < 6 or parts[4]:
        return parts[4] if len(parts) == 6 else ACCOUNT
    _, account = s3_backends.bucket_accounts.get(parts[5].split("/")[0], ("", ACCOUNT))
    return str(account)
