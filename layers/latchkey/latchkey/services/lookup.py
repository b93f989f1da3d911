"""What looking up a resource comes to: it is there, it is not, or it is no resource of ours."""

from collections.abc import Callable, Iterator
from typing import Any

from latchkey.frozen import Frozen
from latchkey.iam.environment import AwsEnvironment


class Found(Frozen):
    """A resource that is there; `keys` are its KMS keys by ID, ARN or alias, whosever they are."""

    arn: str
    keys: tuple[str, ...] = ()


class NotGrantable(Exception):
    """The resource is there, but not to be granted; the text says why and what to do."""


class Lookup(Frozen):
    """How resources of one service are looked up, with the client `client` of boto3.

    `find` answers None for what is not there, and raises NotGrantable or botocore's errors.
    `names` are the names that exist, to suggest the nearest from.
    """

    client: str
    noun: str
    find: Callable[[Any, str, AwsEnvironment], Found | None]
    names: Callable[[Any], Iterator[str]]


def last_part(name: str, separator: str) -> str:
    """A plain name, or the one at the end of an ARN."""
    return name.rpartition(separator)[2] if name.startswith("arn:") else name


def found(arn: str, key: str | None = None) -> Found:
    """A resource that is there, under a key or none."""
    return Found(arn, (key,) if key else ())


def absent(error: Exception, *codes: str) -> bool:
    """Whether botocore's error says, by one of these codes, that there is no such thing."""
    answer = getattr(error, "response", {})
    return str(answer.get("Error", {}).get("Code", "")) in codes
