"""Functions: by name, with the alias that is named, if any.

By ListAliases alone: of all that tells whether there is a function, it shows no environment, where
secrets may stand; GetFunctionConfiguration, ListFunctions and ListVersionsByFunction do (Lambda API
reference). So names are not suggested, and a version is taken as it is written: it is a number that
Lambda gives, and no other function or version ever has it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

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
    try:
        aliases = list(_aliases(functions, plain))
    except ClientError as error:
        if absent(error, "ResourceNotFoundException"):
            return None
        raise
    if qualifier and not qualifier.isdecimal() and qualifier not in aliases:
        return None
    return found(SPEC.resource_arn(text, environment))


def _aliases(functions: "LambdaClient", name: str) -> Iterator[str]:
    for page in functions.get_paginator("list_aliases").paginate(FunctionName=name):
        yield from (alias["Name"] for alias in page["Aliases"])


def _names(_: Clients) -> Iterator[str]:
    yield from ()


LOOKUP = Lookup(SPEC.noun, _find, _names)
