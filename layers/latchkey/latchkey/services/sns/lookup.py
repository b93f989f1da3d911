"""Topics: by name, with the key that encrypts their messages."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.lookup import Clients, Found, Lookup, absent, found
from latchkey.services.sns.spec import SPEC

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


def _find(clients: Clients, name: str, environment: AwsEnvironment) -> Found | None:
    sns: SNSClient = clients("sns")
    arn = SPEC.resource_arn(name, environment)
    try:
        attributes = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
    except ClientError as error:
        if absent(error, "NotFound", "NotFoundException"):
            return None
        raise
    return found(attributes["TopicArn"], attributes.get("KmsMasterKeyId"))


def _names(clients: Clients) -> Iterator[str]:
    sns: SNSClient = clients("sns")
    for page in sns.get_paginator("list_topics").paginate():
        yield from (topic["TopicArn"].rpartition(":")[2] for topic in page["Topics"])


LOOKUP = Lookup(SPEC.noun, _find, _names)
