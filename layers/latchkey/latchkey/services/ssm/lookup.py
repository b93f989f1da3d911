"""Parameters: one by name or all below a path, with the keys of those that are encrypted."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.lookup import Clients, Found, Lookup
from latchkey.services.ssm.spec import SPEC

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient


def _find(clients: Clients, name: str, environment: AwsEnvironment) -> Found | None:
    ssm: SSMClient = clients("ssm")
    below: Any = {"Key": "Path", "Option": "Recursive", "Values": [name.removesuffix("/")]}
    exact: Any = {"Key": "Name", "Option": "Equals", "Values": _spellings(name)}
    parameters = list(_described(ssm, [below if name.endswith("/") else exact]))
    keys = {parameter["KeyId"] for parameter in parameters if "KeyId" in parameter}
    if not parameters:
        return None
    return Found(SPEC.resource_arn(name, environment), tuple(sorted(keys)))


def _spellings(name: str) -> list[str]:
    """`db` and `/db` are two parameters with one ARN, so naming either names both."""
    plain = name.removeprefix("/")
    return [name] if "/" in plain else [plain, f"/{plain}"]


def _described(ssm: "SSMClient", filters: Any) -> Iterator[Any]:
    pages = ssm.get_paginator("describe_parameters").paginate(
        ParameterFilters=filters, PaginationConfig={"PageSize": 50}
    )
    for page in pages:
        yield from page["Parameters"]


def _names(clients: Clients) -> Iterator[str]:
    """The names, and the paths that they are below."""
    ssm: SSMClient = clients("ssm")
    for parameter in _described(ssm, []):
        yield parameter["Name"]
        parts = parameter["Name"].split("/")
        yield from ("/".join(parts[:end]) + "/" for end in range(2, len(parts)))


LOOKUP = Lookup(SPEC.noun, _find, _names)
