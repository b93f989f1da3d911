"""Frozen models whose class costs nothing to make.

A dataclass writes and compiles its methods when its module is imported, about half a millisecond
each; with some forty models that is a tenth of a cold start. These share methods that are compiled
once. `copy.replace` works on them, `asdict` makes JSON data of them.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Self, dataclass_transform


@dataclass_transform(frozen_default=True)
class Frozen:
    """Base of models with annotated fields, given by position or name; defaults are immutable."""

    _types: ClassVar[Mapping[str, Any]] = {}
    _defaults: ClassVar[Mapping[str, Any]] = {}

    def __init_subclass__(cls) -> None:
        own = {name: kind for name, kind in cls.__annotations__.items() if _is_field(kind)}
        cls._types = {**cls._types, **own}
        cls._defaults = {name: getattr(cls, name) for name in cls._types if hasattr(cls, name)}
        setattr(cls, "__match_args__", tuple(cls._types))  # noqa: B010 (mypy has its own)

    def __init__(self, *given: Any, **named: Any) -> None:
        types = self._types
        by_position = dict(zip(types, given, strict=False))
        values = {**self._defaults, **by_position, **named}
        if len(given) > len(types) or values.keys() != types.keys() or by_position.keys() & named:
            raise TypeError(_wrong(type(self), values))
        vars(self).update((name, values[name]) for name in types)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__}.{name} cannot be set")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    def __hash__(self) -> int:
        return hash((type(self), *vars(self).values()))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({fields})"

    def __replace__(self, **changes: Any) -> Self:
        return type(self)(**{**vars(self), **changes})


class Ordered(Frozen):
    """Base of models that are ordered by their fields, the first before the others."""

    def __lt__(self, other: Self) -> bool:
        return tuple(vars(self).values()) < tuple(vars(other).values())


def field_types(kind: type[Frozen]) -> Mapping[str, Any]:
    """The fields of a model in order, those of its bases first, with their types."""
    return kind._types  # noqa: SLF001 (of this module)


def asdict(model: Frozen) -> dict[str, Any]:
    """The fields of a model by name; models in them, and in their lists and mappings, likewise."""
    return {name: _plain(value) for name, value in vars(model).items()}


def _plain(value: Any) -> Any:
    match value:
        case Frozen():
            return asdict(value)
        case list() | tuple():
            return type(value)(_plain(item) for item in value)
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case _:
            return value


def _is_field(kind: Any) -> bool:
    return getattr(kind, "__origin__", kind) is not ClassVar


def _wrong(kind: type[Frozen], values: Mapping[str, Any]) -> str:
    types = field_types(kind)
    if lacking := [name for name in types if name not in values]:
        return f"{kind.__name__} lacks {', '.join(lacking)}"
    return f"{kind.__name__} has no {', '.join(values.keys() - types) or 'more fields'}"
