"""Notes about an import: what the config does not keep, adds, or leaves to a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["lost", "wider", "added", "decide"]


@dataclass(frozen=True, order=True)
class Note:
    """A note about an import.

    `lost` is a permission or principal that the config drops, `wider` a restriction that it drops,
    `added` a permission that it adds, `decide` something for a person to decide. `actions` are all
    that the text is about, which names the first few of them.
    """

    kind: Kind
    text: str
    actions: tuple[str, ...] = ()


_SHOWN = 4


def some(names: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
