"""Everything that a role allows, in rows for people."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from latchkey.iam.permit import Permit
from latchkey.reports.summary.by_resource import by_place
from latchkey.reports.summary.condition_words import only
from latchkey.reports.summary.line import shortened
from latchkey.reports.summary.resource_names import Names
from latchkey.services.labels import in_order, labels_of

AllowsRow = dict[str, Any]

ALLOWS = 16_384
"""Bytes of JSON that all rows have at most."""


def allows(permits: Iterable[Permit], most: int = ALLOWS) -> list[AllowsRow]:
    """`{"service", "resource", "may", "conditions"}` of all that permits allow, by resource.

    `may` are labels, or names of actions that have none. All `conditions` have to hold.
    """
    found = list(permits)
    rows = list(_rows(found))
    size, kept = 0, 0
    for row in rows:
        size += len(json.dumps(row))
        if size > most:
            break
        kept += 1
    if kept == len(rows):
        return rows
    more = f"and {len(rows) - kept} more rows, which the role's policy has"
    return [*rows[:kept], {"service": "any", "resource": more, "may": [], "conditions": []}]


def _rows(permits: list[Permit]) -> Iterator[AllowsRow]:
    resources = by_place(permits, Names(permits))
    for resource in sorted(resources):
        service, name = resource
        actions: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for permit in resources[resource]:
            actions[tuple(map(shortened, only(permit.conditions)))].append(permit.action)
        for conditions, mine in actions.items():
            yield {
                "service": service,
                "resource": shortened(name),
                "may": in_order(service, (label for a in mine for label in labels_of(a))),
                "conditions": list(conditions),
            }
