"""Whose a resource is, as `aws:ResourceAccount` tells it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from moto.s3.models import s3_backends

from sandbox.account import ACCOUNT

_ACTING = ContextVar("acting", default=ACCOUNT)


def acting() -> str:
    """The account in which names without one are looked up: the caller's."""
    return _ACTING.get()


@contextmanager
def acting_in(account: str) -> Iterator[None]:
    """Have names looked up in an account."""
    before = _ACTING.set(account)
    try:
        yield
    finally:
        _ACTING.reset(before)


def owner(resource: str) -> str:
    """The account of a resource by its ARN; that of a bucket, whose ARN has none, by moto's list.

    What does not exist, or is named by a pattern, counts as ours.
    """
    parts = resource.split(":", 5)
    if len(parts) < 6 or parts[4]:
        return parts[4] if len(parts) == 6 else ACCOUNT
    return bucket_owner(parts[5].split("/")[0])


def bucket_owner(bucket: str) -> str:
    """The account of a bucket, whose name is the only one in all of them."""
    _, account = s3_backends.bucket_accounts.get(bucket, ("", ACCOUNT))
    return str(account)
