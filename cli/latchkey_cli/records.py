"""What the grant table and the results bucket tell of grants, read for people."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import batched
from typing import Any

from latchkey.aws.table import plain, serialized
from latchkey.aws.translate import translated
from latchkey.grant_id import GrantId
from latchkey.grants.record import GrantRecord
from latchkey.keys import EVENT, STATE, grant_partition
from latchkey.services.rows import rows_of
from latchkey.times import parse_instant
from latchkey_cli.stack import Stack

_BATCH = 100
"""Items of one BatchGetItem (DynamoDB API reference)."""

_SECRET = ("external_id", "external_ids")


def records(stack: Stack, grants: Iterable[GrantId]) -> Iterator[GrantRecord]:
    """The states of grants, a hundred at a time; those that have none are left out."""
    for some in batched(grants, _BATCH, strict=False):
        keys = [serialized({"pk": grant_partition(grant), "sk": STATE}) for grant in some]
        asked: dict[str, Any] = {stack.table.name: {"Keys": keys}}
        while asked:
            with translated("read states of grants"):
                answer = stack.table.client.batch_get_item(RequestItems=asked)
            found = answer["Responses"].get(stack.table.name, [])
            yield from (GrantRecord.from_document(plain(item)) for item in found)
            asked = dict(answer.get("UnprocessedKeys", {}))


def history(stack: Stack, grant: GrantId) -> list[dict[str, Any]]:
    """The events of a grant, in time order."""
    pages = stack.table.client.get_paginator("query").paginate(
        TableName=stack.table.name,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :event)",
        ExpressionAttributeValues=serialized({":pk": grant_partition(grant), ":event": EVENT}),
    )
    with translated(f"read the history of {grant}"):
        return [plain(item) for page in pages for item in page["Items"]]


def config_of(record: GrantRecord) -> dict[str, Any]:
    """The config that a grant was last granted by; empty when there is none."""
    found = json.loads(record.config) if record.config else {}
    return found if isinstance(found, dict) else {}


def access_of(config: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Service, resource and what is allowed, for each entry of a config."""
    entries = config.get("access", [])
    return [
        (str(entry.get("service")), resource_of(entry), str(entry.get("allow", "statements")))
        for entry in entries
        if isinstance(entry, dict)
    ]


def resource_of(entry: Mapping[str, Any]) -> str:
    """What an entry is about, as people say it: `northwind-reports/acme/`."""
    names = {f"{row.name}/{row.part}" if row.part else row.name for row in rows_of(entry)}
    return ", ".join(sorted(names))


def redacted(value: Any, secrets: Iterable[str]) -> Any:
    """JSON data without external IDs, which also stand in the trust policies of changes."""
    match value:
        case str():
            for secret in secrets:
                value = value.replace(secret, "(external ID)")
            return value
        case dict():
            return {
                name: redacted(child, secrets)
                for name, child in value.items()
                if name not in _SECRET
            }
        case list() | tuple():
            return [redacted(child, secrets) for child in value]
        case _:
            return value


def secrets_in(*documents: Mapping[str, Any]) -> set[str]:
    """The external IDs that states, configs and events hold."""
    found = {str(document[_SECRET[0]]) for document in documents if document.get(_SECRET[0])}
    for document in documents:
        found |= {str(text) for text in document.get(_SECRET[1]) or ()}
    return found


def until(moment: str | None, now: datetime) -> str:
    """How far away a time is, in words: `in 12 days`, `3 hours ago`."""
    if not moment:
        return ""
    seconds = (parse_instant(moment) - now).total_seconds()
    size = abs(seconds)
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if size >= length:
            count = int(size // length)
            told = f"{count} {unit}{'s' * (count != 1)}"
            return f"in {told}" if seconds > 0 else f"{told} ago"
    return "now"
