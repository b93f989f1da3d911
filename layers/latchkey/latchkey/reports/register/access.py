"""What a config gives access to, in one row per resource."""

from collections.abc import Iterator, Mapping
from typing import Any

from latchkey.reports.register.plain_text import shown

RESOURCE: Mapping[str, str] = {
    "s3": "bucket",
    "secretsmanager": "secret",
    "sqs": "queue",
    "sns": "topic",
    "dynamodb": "table",
    "lambda": "function",
    "ssm": "parameter",
    "events": "event_bus",
    "kinesis": "stream",
}
"""The field of a config that names the resource, by service."""


def access_rows(config: Mapping[str, Any]) -> list[dict[str, str]]:
    """`{"service", "kind", "name", "part", "may"}` for each resource, in the config's order.

    `part` is the folder of a bucket, or empty; `may` is the word of the config or, for custom
    statements, their actions.
    """
    entries = config.get("access")
    listed = entries if isinstance(entries, list) else []
    return [row for entry in listed if isinstance(entry, dict) for row in _rows(entry)]


def _rows(entry: dict[str, Any]) -> Iterator[dict[str, str]]:
    service = str(entry.get("service", ""))
    if service == "custom":
        yield from _custom_rows(entry.get("statements"))
        return
    field = RESOURCE.get(service, "")
    prefix = str(entry.get("prefix") or "").strip("/")
    yield {
        "service": shown(service),
        "kind": field.replace("_", " "),
        "name": shown(entry.get(field, "")),
        "part": shown(f"{prefix}/") if prefix else "",
        "may": shown(entry.get("allow", "")),
    }


def _custom_rows(statements: Any) -> Iterator[dict[str, str]]:
    for statement in statements if isinstance(statements, list) else []:
        actions = ", ".join(_listed(statement.get("Action")))
        for resource in _listed(statement.get("Resource")):
            row = {"service": "custom", "kind": "statement", "part": "", "may": shown(actions)}
            yield {**row, "name": shown(resource)}


def _listed(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]
