"""Topics: by name, with the key that encrypts their messages."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.lookup import Found, Lookup, absent, found, last_part

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


def _find(sns: "SNSClient", name: str, place: AwsEnvironment) -> Found | None:
    arn = f"arn:{place.partition}:sns:{place.region}:{place.account}:{last_part(name, ':')}"
    try:
        attributes = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
    except ClientError as error:
        if absent(error, "NotFound", "NotFoundException"):
            return None
        raise
    return found(attributes["TopicArn"], attributes.get("KmsMasterKeyId"))


def _names(sns: "SNSClient") -> Iterator[str]:
    for page in sns.get_paginator("list_topics").paginate():
        yield from (topic["TopicArn"].rpartition(":")[2] for topic in page["Topics"])


LOOKUP = Lookup("sns", "topic", _find, _names)
