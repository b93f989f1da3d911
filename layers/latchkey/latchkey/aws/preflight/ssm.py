"""Parameters: one by name or all below a path, with the keys of those that are encrypted."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from latchkey.aws.preflight.found import Found, Lookup
from latchkey.domain.catalogue.entry import Place

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient


def _find(ssm: "SSMClient", name: str, place: Place) -> Found | None:
    path = name.endswith("/")
    below: Any = {"Key": "Path", "Option": "Recursive", "Values": [name.removesuffix("/")]}
    exact: Any = {"Key": "Name", "Option": "Equals", "Values": [name]}
    parameters = _described(ssm, [below if path else exact])
    keys = {parameter["KeyId"] for parameter in parameters if "KeyId" in parameter}
    if not parameters:
        return None
    rest = name.removeprefix("/")
    arn = f"arn:{place.partition}:ssm:{place.region}:{place.account}:parameter/{rest}"
    return Found(arn, tuple(sorted(keys)))


def _described(ssm: "SSMClient", filters: Any) -> list[Any]:
    pages = ssm.get_paginator("describe_parameters").paginate(ParameterFilters=filters)
    return [parameter for page in pages for parameter in page["Parameters"]]


def _names(ssm: "SSMClient") -> Iterator[str]:
    """The names, and the paths that they are below."""
    for page in ssm.get_paginator("describe_parameters").paginate():
        for parameter in page["Parameters"]:
            yield parameter["Name"]
            yield parameter["Name"].rpartition("/")[0] + "/"


LOOKUP = Lookup("ssm", "parameter", _find, _names)
