"""What looking up a resource comes to: it is there, it is not, or it is no resource of ours."""

from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from latchkey.frozen import Frozen
from latchkey.iam.denial import own_denial
from latchkey.iam.environment import AwsEnvironment

Clients = Callable[[str], Any]
"""The client of a service, by boto3's name for it."""


class Found(Frozen):
    """A resource that is there; `keys` are its KMS keys by ID, ARN or alias, whosever they are.

    `implied` are resources that it cannot be used without.
    """

    arn: str
    keys: tuple[str, ...] = ()
    implied: "tuple[Found, ...]" = ()


class NotGrantable(Exception):
    """The resource is there, but not to be granted; the text says why and what to do."""


class Lookup(Frozen):
    """How resources of one service are looked up; `noun` is what they are called.

    `find` answers None for what is not there, and raises NotGrantable or botocore's errors.
    `names` are the names that exist, to suggest the nearest from.
    """

    noun: str
    find: Callable[[Clients, str, AwsEnvironment], Found | None]
    names: Callable[[Clients], Iterator[str]]


def found(arn: str, key: str | None = None) -> Found:
    """A resource that is there, under a key or none."""
    return Found(arn, (key,) if key else ())


def own_side_denied(error: ClientError) -> bool:
    """Whether our own function's side denied a call, and so nothing is known of the resource."""
    return own_denial(str(error.response.get("Error", {}).get("Message", "")))


def absent(error: Exception, *codes: str) -> bool:
    """Whether botocore's error says, by one of these codes, that there is no such thing."""
    answer = getattr(error, "response", {})
    return str(answer.get("Error", {}).get("Code", "")) in codes
