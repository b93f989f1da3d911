"""The environment that a config file is for, derived from its ARNs."""

import json
from collections.abc import Iterator
from typing import Any

from latchkey.iam.arn import arn_parts
from latchkey.iam.environment import AwsEnvironment
from latchkey.iam.principal import parse_principal

_UNKNOWN = AwsEnvironment("aws", "", "")


def assumed_environment(body: bytes) -> AwsEnvironment:
    """The partition, region and account of the first resource that is named by ARN.

    Without such a resource, only the partition is known, from the first principal that has one.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return _UNKNOWN
    for text in _strings(document, "access"):
        parts = arn_parts(text)
        if parts and parts[2] and parts[3]:
            return AwsEnvironment(parts[0], parts[2], parts[3])
    for text in _strings(document, "principals"):
        if partition := _partition(text):
            return AwsEnvironment(partition, "", "")
    return _UNKNOWN


def _partition(principal: str) -> str | None:
    try:
        return parse_principal(principal).partition
    except ValueError:
        return None


def _strings(document: Any, name: str) -> Iterator[str]:
    """The strings in a list, and in the objects directly in it."""
    items = document.get(name) if isinstance(document, dict) else None
    for item in items if isinstance(items, list) else []:
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            yield from (value for value in item.values() if isinstance(value, str))
