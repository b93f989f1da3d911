"""Who could do what, and when, in the grant table: written once, and found by key.

| key | what it holds |
|---|---|
| `GRANT#<partner>.<grant>`, `ACCESS#<time>#<run>` | what the grant allows from that time on |
| `RESOURCE#<service>:<name>`, `GRANT#<partner>.<grant>#<digest>` | an ARN that it allowed ever |
| `PARTNER#<partner>`, `GRANT#<grant>` | that the partner has, or had, this grant |

The last two only say where to look. They are the same whenever they are written, so writing them
again, or for a run that is never recorded, changes no answer.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from latchkey.aws.error_codes import translated
from latchkey.aws.table import Item, Table, plain, serialized
from latchkey.grant_id import GrantId
from latchkey.history.resource_query import ResourceQuery, kept_under
from latchkey.history.snapshot import AccessSnapshot
from latchkey.keys import (
    ACCESS,
    OF_GRANT,
    access_sort_key,
    grant_partition,
    partner_partition,
    resource_partition,
)


def snapshot_item(snapshot: AccessSnapshot) -> Item:
    """A snapshot as an entry of its grant's history."""
    sort_key = access_sort_key(snapshot.at, snapshot.run)
    key = {"pk": grant_partition(snapshot.id), "sk": sort_key}
    return {**key, **snapshot.document()}


def lookup_writes(table: str, snapshot: AccessSnapshot) -> Iterator[Any]:
    """The writes of a transaction that say where to find a snapshot: by partner, by resource."""
    grant = snapshot.id
    named = {"partner": grant.partner, "grant": grant.grant}
    partner = {"pk": partner_partition(grant.partner), "sk": f"{OF_GRANT}{grant.grant}"}
    yield _put(table, {**partner, **named})
    for arn in sorted({arn for allowed in snapshot.allows for arn in allowed.arns}):
        digest = sha256(arn.encode()).hexdigest()[:16]
        key = {"pk": resource_partition(kept_under(arn)), "sk": f"{OF_GRANT}{grant}#{digest}"}
        yield _put(table, {**key, **named, "arn": arn})


class AccessHistory:
    """Reads what was written of snapshots; each method is one query, with its further pages."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def grants_on(self, query: ResourceQuery) -> Iterator[GrantId]:
        """The grants that have ever allowed anything on a resource, each maybe several times."""
        for name in query.names:
            for item in self._query(resource_partition(name), OF_GRANT):
                if query.concerns(item["arn"]):
                    yield _named(item)

    def grants_of(self, partner: str) -> Iterator[GrantId]:
        """The grants that a partner has or had."""
        return map(_named, self._query(partner_partition(partner), OF_GRANT))

    def snapshots(self, grant: GrantId) -> Iterator[AccessSnapshot]:
        """The snapshots of a grant, in the order of their time."""
        return map(AccessSnapshot.from_document, self._query(grant_partition(grant), ACCESS))

    def _query(self, pk: str, sk: str) -> Iterator[Item]:
        pages = self._table.client.get_paginator("query").paginate(
            TableName=self._table.name,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues=serialized({":pk": pk, ":sk": sk}),
            ConsistentRead=True,
        )
        with translated(f"query {pk}"):
            for page in pages:
                yield from map(plain, page["Items"])


def _put(table: str, item: Item) -> Any:
    return {"Put": {"TableName": table, "Item": serialized(item)}}


def _named(item: Item) -> GrantId:
    return GrantId(item["partner"], item["grant"])
