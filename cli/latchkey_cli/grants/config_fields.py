"""Fields of the config of a grant, as people read them."""

import json
from collections.abc import Mapping
from typing import Any

from latchkey.grants.record import GrantRecord
from latchkey.services.rows import rows_of


def config_of(record: GrantRecord) -> dict[str, Any]:
    """The config of the last grant or change; empty if there is none."""
    found = json.loads(record.config) if record.config else {}
    return found if isinstance(found, dict) else {}


def access_of(config: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The service, resource and allowed access of each entry of a config."""
    entries = config.get("access", [])
    return [
        (str(entry.get("service")), resource_of(entry), str(entry.get("allow", "statements")))
        for entry in entries
        if isinstance(entry, dict)
    ]


def resource_of(entry: Mapping[str, Any]) -> str:
    """The resources of an entry by their names, like `northwind-reports/acme/`."""
    names = {f"{row.name}/{row.part}" if row.part else row.name for row in rows_of(entry)}
    return ", ".join(sorted(names))
