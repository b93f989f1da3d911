"""What a stored config gives access to; it was accepted once, maybe by an older version."""

from collections.abc import Iterator, Mapping
from typing import Any

from latchkey.services.registry import NAMES, spec
from latchkey.services.spec import Row


def rows(config: Mapping[str, Any]) -> Iterator[Row]:
    """A row for each resource, in the config's order; of what is no entry any more, its service."""
    entries = config.get("access")
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict):
            yield from rows_of(entry)


def rows_of(entry: Mapping[str, Any]) -> Iterator[Row]:
    """The rows of one entry."""
    service = str(entry.get("service", ""))
    if service in NAMES:
        yield from spec(service).rows(entry)
    else:
        yield Row(service, "", "", "", str(entry.get("allow", "")))
