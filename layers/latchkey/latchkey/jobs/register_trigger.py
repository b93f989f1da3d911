"""What sets off a build of the register: a batch of our own events in SQS messages, or the day."""

import json
from collections.abc import Iterator
from typing import Any

from latchkey.grant_id import GrantId


def changed_grants(event: dict[str, Any]) -> set[GrantId] | None:
    """The grants that a batch of messages is about; None for an event that is no such batch.

    Each message's body is an event as EventBridge delivers it, with `detail.partner` and
    `detail.grant`. One that names no grant still stands for a build, and never for a failure: the
    build itself finds what changed, but for a rejected version of a file.
    """
    records = event.get("Records")
    if not isinstance(records, list):
        return None
    return {grant for record in records for grant in _grants(record)}


def _grants(record: Any) -> Iterator[GrantId]:
    try:
        detail = json.loads(record["body"])["detail"]
        named = GrantId.named(detail["partner"], detail["grant"])
    except (KeyError, TypeError, ValueError):
        return
    if named:
        yield named
