"""Endpoints: by name."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.lookup import Clients, Found, Lookup, absent, found
from latchkey.services.sagemaker.spec import SPEC
from latchkey.services.spec import last_part


def _find(clients: Clients, name: str, _: AwsEnvironment) -> Found | None:
    """The endpoint; SageMaker answers ValidationException for one that is not there."""
    try:
        endpoint: dict[str, Any] = clients("sagemaker").describe_endpoint(
            EndpointName=last_part(name)
        )
    except ClientError as error:
        if absent(error, "ValidationException"):
            return None
        raise
    return found(endpoint["EndpointArn"])


def _names(clients: Clients) -> Iterator[str]:
    for page in clients("sagemaker").get_paginator("list_endpoints").paginate():
        yield from (endpoint["EndpointName"] for endpoint in page["Endpoints"])


LOOKUP = Lookup(SPEC.noun, _find, _names)
