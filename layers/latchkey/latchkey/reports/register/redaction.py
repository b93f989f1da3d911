"""External IDs stay out of the register, wherever somebody wrote one down.

They are gathered from all that is read for a register, and taken out of all its texts: an operator
may quote one partner's in the reason of an order for another.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

HIDDEN = "‹external ID›"

_SHORTEST = 8
"""Characters that an external ID has at least; a shorter one is known as a whole word only."""

_RUN = re.compile(r"[\w+=,.@:/-]{2,}", re.ASCII)
_WRITTEN = re.compile(r"(sts:ExternalId\W{0,8})([\w+=,.@:/-]+)", re.ASCII | re.IGNORECASE)
"""As policies, and sentences about them, name it: this finds values that nobody recorded."""


class Redactor:
    """Takes known external IDs out of texts; remembers words, as a register repeats them."""

    def __init__(self, external_ids: Iterable[str]) -> None:
        self._ids = frozenset(external_ids)
        self._lengths = sorted({len(i) for i in self._ids if len(i) >= _SHORTEST}, reverse=True)
        self._words: dict[str, str] = {}

    def __call__(self, text: object) -> str:
        """The text without external IDs."""
        written = _WRITTEN.sub(rf"\1{HIDDEN}", str(text))
        return _RUN.sub(self._word, written)

    def _word(self, found: re.Match[str]) -> str:
        word = found.group()
        if word not in self._words:
            self._words[word] = self._without(word)
        return self._words[word]

    def _without(self, word: str) -> str:
        if word in self._ids or word.strip(".,:") in self._ids:
            return HIDDEN
        for length in self._lengths:
            for start in range(len(word) - length + 1):
                end = start + length
                if word[start:end] in self._ids:
                    return self._without(word[:start]) + HIDDEN + self._without(word[end:])
        return word


def external_ids(item: Mapping[str, Any]) -> Iterator[str]:
    """Every external ID in an item of the grant table, its config and its policies included."""
    yield from _values(item)
    try:
        config = json.loads(item.get("config") or "{}")
    except (TypeError, ValueError):
        return
    yield from _values(config)


def _values(found: Any) -> Iterator[str]:
    match found:
        case Mapping():
            for name, value in found.items():
                if str(name).lower() in ("external_id", "external_ids", "sts:externalid"):
                    yield from _texts(value)
                else:
                    yield from _values(value)
        case list() | tuple():
            for value in found:
                yield from _values(value)


def _texts(found: Any) -> Iterator[str]:
    match found:
        case str():
            yield found
        case list() | tuple() | set() | frozenset():
            for value in found:
                yield from _texts(value)
