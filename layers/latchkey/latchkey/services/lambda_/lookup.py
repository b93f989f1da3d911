"""Functions: by name, with the version or alias that is named, if any."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.lambda_.spec import SPEC
from latchkey.services.lookup import Clients, Found, Lookup, absent, found

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


def _find(clients: Clients, name: str, environment: AwsEnvironment) -> Found | None:
    functions: LambdaClient = clients("lambda")
    text = name.partition(":function:")[2] if name.startswith("arn:") else name
    plain, _, qualifier = text.partition(":")
    which: Any = {"Qualifier": qualifier} if qualifier else {}
    try:
        functions.get_function_configuration(FunctionName=plain, **which)
    except ClientError as error:
        if absent(error, "ResourceNotFoundException"):
            return None
        raise
    return found(SPEC.resource_arn(text, environment))


def _names(clients: Clients) -> Iterator[str]:
    functions: LambdaClient = clients("lambda")
    for page in functions.get_paginator("list_functions").paginate():
        yield from (function["FunctionName"] for function in page["Functions"])


LOOKUP = Lookup(SPEC.noun, _find, _names)
