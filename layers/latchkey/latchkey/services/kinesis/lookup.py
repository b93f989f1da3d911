"""Data streams: by name, with the key that encrypts them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.kinesis.spec import SPEC
from latchkey.services.lookup import Clients, Found, Lookup, absent, found
from latchkey.services.spec import last_part

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient


def _find(clients: Clients, name: str, _: AwsEnvironment) -> Found | None:
    kinesis: KinesisClient = clients("kinesis")
    try:
        answer = kinesis.describe_stream_summary(StreamName=last_part(name))
    except ClientError as error:
        if absent(error, "ResourceNotFoundException"):
            return None
        raise
    stream = answer["StreamDescriptionSummary"]
    return found(stream["StreamARN"], stream.get("KeyId"))


def _names(clients: Clients) -> Iterator[str]:
    kinesis: KinesisClient = clients("kinesis")
    for page in kinesis.get_paginator("list_streams").paginate():
        yield from page["StreamNames"]


LOOKUP = Lookup(SPEC.noun, _find, _names)
