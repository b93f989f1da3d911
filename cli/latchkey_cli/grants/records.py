"""Records and events of grants, read from the grant table."""

from collections.abc import Iterable, Iterator
from typing import Any

from latchkey.aws.error_codes import translated
from latchkey.aws.table import plain, serialized
from latchkey.grant_id import GrantId
from latchkey.grants.intent import record_with
from latchkey.grants.record import GrantRecord
from latchkey.keys import EVENT, STATE, grant_partition, use_partition
from latchkey_cli.aws.stack import Stack


def records(stack: Stack, grants: Iterable[GrantId]) -> Iterator[GrantRecord]:
    """The records of grants, read in batches.

    Of a grant without one it is what its first run has begun; where there is neither, the grant is
    left out.
    """
    grants = [*grants]
    missing = {*grants}
    noted = stack.live_grants.last_used()
    states = ((grant_partition(grant), STATE) for grant in grants)
    for item in stack.table.found("read states of grants", states):
        record = GrantRecord.from_document(item).at_rest()
        missing.discard(record.id)
        yield stack.config_versions.shown(record.used(noted.get(record.id)))
    begun = (
        record_with(stack.leases.unrecorded(grant), None) for grant in sorted(missing, key=str)
    )
    yield from map(stack.config_versions.shown, filter(None, begun))


def record_of(stack: Stack, grant: GrantId) -> GrantRecord | None:
    """The record of a grant, or what its first run has begun and not recorded."""
    record = stack.grants.get(grant)
    if record is None:
        begun = record_with(stack.leases.unrecorded(grant), None)
        return stack.config_versions.shown(begun) if begun else None
    noted = stack.table.get(use_partition(grant), STATE)
    return stack.config_versions.shown(record.used(noted["expires_at"]) if noted else record)


def history(stack: Stack, grant: GrantId) -> list[dict[str, Any]]:
    """The events of a grant, in time order."""
    pages = stack.table.client.get_paginator("query").paginate(
        TableName=stack.table.name,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :event)",
        ExpressionAttributeValues=serialized({":pk": grant_partition(grant), ":event": EVENT}),
    )
    with translated(f"read the history of {grant}"):
        return [plain(item) for page in pages for item in page["Items"]]
