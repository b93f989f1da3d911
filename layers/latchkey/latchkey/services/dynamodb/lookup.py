"""Tables: by name, with the key that encrypts them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.dynamodb.spec import SPEC
from latchkey.services.lookup import Clients, Found, Lookup, absent, found
from latchkey.services.spec import last_part

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def _find(clients: Clients, name: str, _: AwsEnvironment) -> Found | None:
    dynamodb: DynamoDBClient = clients("dynamodb")
    try:
        table = dynamodb.describe_table(TableName=last_part(name))["Table"]
    except ClientError as error:
        if absent(error, "ResourceNotFoundException"):
            return None
        raise
    return found(table["TableArn"], table.get("SSEDescription", {}).get("KMSMasterKeyArn"))


def _names(clients: Clients) -> Iterator[str]:
    dynamodb: DynamoDBClient = clients("dynamodb")
    for page in dynamodb.get_paginator("list_tables").paginate():
        yield from page["TableNames"]


LOOKUP = Lookup(SPEC.noun, _find, _names)
