"""One hostile config, and what must become of it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tests.kit.examples import config_bytes, config_document


@dataclass(frozen=True)
class Hostile:
    """A config file that means no good, or only looks so.

    It is `granted` exactly as it is written, or rejected with a problem at one of `points_at` or
    below it; the empty pointer is the whole document, and nothing below.
    """

    name: str
    body: bytes
    points_at: tuple[str, ...] = ()
    granted: bool = False
    key: str = "partners/acme.json"

    def pointed_out(self, paths: Iterable[str]) -> bool:
        """Whether one of the problems' paths is where it should be."""
        return any(
            path == at or (at != "" and path.startswith(f"{at}/"))
            for path in paths
            for at in self.points_at
        )


def raw(name: str, body: bytes, *points_at: str) -> Hostile:
    """Bytes that are rejected, as a whole where nothing else is said."""
    return Hostile(name, body, points_at or ("",))


def bad(name: str, points_at: str, /, *without: str, **changes: Any) -> Hostile:
    """The valid example with changes for which it is rejected."""
    return Hostile(name, config_bytes(*without, **changes), (points_at,))


def good(name: str, /, *without: str, key: str = Hostile.key, **changes: Any) -> Hostile:
    """The valid example with changes that are legal, however odd; not escaped, as people write."""
    text = json.dumps(config_document(*without, **changes), ensure_ascii=False)
    return Hostile(name, text.encode(), granted=True, key=key)
