"""Queues: by name, with the key that encrypts their messages."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.lookup import Clients, Found, Lookup, absent, found
from latchkey.services.spec import last_part
from latchkey.services.sqs.spec import SPEC

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_ABSENT = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")


def _find(clients: Clients, name: str, _: AwsEnvironment) -> Found | None:
    sqs: SQSClient = clients("sqs")
    try:
        url = sqs.get_queue_url(QueueName=last_part(name))["QueueUrl"]
        answer = sqs.get_queue_attributes(
            QueueUrl=url, AttributeNames=["QueueArn", "KmsMasterKeyId"]
        )
    except ClientError as error:
        if absent(error, *_ABSENT):
            return None
        raise
    attributes = answer["Attributes"]
    return found(attributes["QueueArn"], attributes.get("KmsMasterKeyId"))


def _names(clients: Clients) -> Iterator[str]:
    sqs: SQSClient = clients("sqs")
    for page in sqs.get_paginator("list_queues").paginate():
        yield from (url.rpartition("/")[2] for url in page.get("QueueUrls", []))


LOOKUP = Lookup(SPEC.noun, _find, _names)
