"""External IDs are removed from what commands print."""

from collections.abc import Iterable, Mapping
from typing import Any

_EXTERNAL_ID = "external_id"
_EXTERNAL_IDS = "external_ids"


def redacted(value: Any, external_ids: Iterable[str]) -> Any:
    """JSON data without external IDs, which also occur in the trust policies of changes."""
    match value:
        case str():
            for external_id in external_ids:
                value = value.replace(external_id, "(external ID)")
            return value
        case dict():
            return {
                name: redacted(child, external_ids)
                for name, child in value.items()
                if name not in (_EXTERNAL_ID, _EXTERNAL_IDS)
            }
        case list() | tuple():
            return [redacted(child, external_ids) for child in value]
        case _:
            return value


def external_ids_in(*documents: Mapping[str, Any]) -> set[str]:
    """The external IDs in records, configs and events."""
    found = {str(one[_EXTERNAL_ID]) for one in documents if one.get(_EXTERNAL_ID)}
    for document in documents:
        found |= {str(text) for text in document.get(_EXTERNAL_IDS) or ()}
    return found
