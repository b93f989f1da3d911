"""Every kind of access: each service with each word that an entry may `allow`."""

from collections.abc import Iterator
from typing import Any, get_args

from latchkey.services.registry import CUSTOM, NAMES, entry_class, spec


def _kinds() -> Iterator[dict[str, Any]]:
    for name in NAMES:
        field = entry_class(name).model_fields.get("allow")
        if name != CUSTOM and field:
            for allow in get_args(field.annotation):
                yield {"service": name, **spec(name).example, "allow": allow}


KINDS: list[dict[str, Any]] = list(_kinds())
"""An entry of each, about the resource of the service's example if it has one."""
