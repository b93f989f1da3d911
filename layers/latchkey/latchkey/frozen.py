"""Frozen models whose class costs nothing to make.

A dataclass writes and compiles its methods when its module is imported, about half a millisecond
each. What only reads its fields needs none of them: settings and events.
"""

from collections.abc import Iterator
from typing import Any, dataclass_transform

_NONE = object()


@dataclass_transform(frozen_default=True)
class Frozen:
    """Base of models with annotated fields, given by position or name; defaults are immutable."""

    def __init__(self, *given: Any, **named: Any) -> None:
        names = list(field_types(type(self)))
        values = {**dict(zip(names, given, strict=False)), **named}
        for name in names:
            value = values.pop(name, getattr(type(self), name, _NONE))
            if value is _NONE:
                raise TypeError(f"{type(self).__name__} lacks {name}")
            object.__setattr__(self, name, value)
        if values or len(given) > len(names):
            raise TypeError(f"{type(self).__name__} has no {', '.join(values) or 'more fields'}")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__}.{name} cannot be set")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    def __hash__(self) -> int:
        return hash((type(self), *vars(self).values()))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({fields})"


def field_types(kind: type) -> dict[str, Any]:
    """The fields of a model in order, those of its bases first, with their types."""
    return dict(_annotations(kind))


def _annotations(kind: type) -> Iterator[tuple[str, Any]]:
    for base in reversed(kind.__mro__):
        yield from vars(base).get("__annotations__", {}).items()
