"""What a config gives access to, in one row per resource."""

from collections.abc import Iterator, Mapping
from typing import Any

from latchkey.reports.register.plain_text import shown
from latchkey.services.rows import rows


def access_rows(config: Mapping[str, Any]) -> list[dict[str, str]]:
    """`{"service", "kind", "name", "part", "may"}` for each resource, in the config's order.

    `part` is the folder of a bucket, or empty; `may` is the word of the config or, for custom
    statements, their actions.
    """
    return list(_shown(config))


def _shown(config: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for row in rows(config):
        yield {name: shown(text) for name, text in row.document().items()}
