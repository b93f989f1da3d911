"""What statements may have as resources: by IAM's own list of actions, and by the entry."""

from collections.abc import Iterator
from typing import Any

from policy_sentry.querying.actions import get_action_data

from latchkey.services import boundary


def _know_no_resource() -> Iterator[str]:
    for action in boundary.allowed():
        service, _, name = action.partition(":")
        rows = get_action_data(service, name)[service]
        if {row["resource_arn_format"] for row in rows} == {"*"}:
            yield action


KNOW_NO_RESOURCE = frozenset(_know_no_resource()) | {"glue:GetDatabases"}
"""Actions without resource types, which are allowed on `*` or not at all; and the list of all
databases, whose resource is the catalog that has them all."""


def reach_of(entry: dict[str, Any], arn: str) -> set[str]:
    """All that statements of an entry may have as resources, keys apart."""
    match entry:
        case {"service": "custom", "statements": statements}:
            return {statement["Resource"] for statement in statements}
        case {"service": "s3"}:
            folder = f"{entry['prefix'].rstrip('/')}/" if "prefix" in entry else ""
            return {arn, f"{arn}/{folder}*"}
        case {"service": "dynamodb"}:
            return {arn, f"{arn}/index/*"}
        case {"service": "execute-api"}:
            return {f"{arn}/*/*/*"}
        case {"service": "glue"}:
            head, _, name = arn.rpartition("database/")
            tables = entry.get("tables") or ["*"]
            return {f"{head}catalog", arn, *(f"{head}table/{name}/{one}" for one in tables)}
        case {"service": "logs"}:
            return {f"{arn}:*", f"{arn}:log-stream:*"}
        case {"service": "ssm", "parameter": path} if path.endswith("/"):
            return {arn.removesuffix("/"), f"{arn}*"}
    return {arn}
