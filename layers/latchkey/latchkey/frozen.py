"""Frozen models whose class costs nothing to make.

A dataclass writes and compiles its methods when its module is imported, about half a millisecond
each; with some forty models that is a tenth of a cold start. These share methods that are compiled
once. `copy.replace` works on them. They write themselves as JSON data and read themselves from it,
by the types of their fields, which are looked into when the first of a kind is read.
"""

from collections.abc import Callable, Mapping
from functools import cache, partial
from types import NoneType
from typing import Any, ClassVar, Self, TypeAlias, TypeVar, dataclass_transform


class DocumentInvalid(ValueError):
    """JSON data is not of the model that was to be read from it; says where, never a value."""


@dataclass_transform(frozen_default=True)
class Frozen:
    """Base of models with annotated fields, given by position or name; defaults are immutable."""

    TAG: ClassVar[str | None] = None
    """The name under which JSON data has the name of the class, where one field takes several."""

    _types: ClassVar[Mapping[str, Any]] = {}
    _defaults: ClassVar[Mapping[str, Any]] = {}
    _with_none: ClassVar[Mapping[str, Any]] = {}
    _without_default: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls) -> None:
        own = {name: kind for name, kind in cls.__annotations__.items() if _is_field(kind)}
        cls._types = {**cls._types, **own}
        cls._defaults = {**cls._defaults, **{n: vars(cls)[n] for n in own if n in vars(cls)}}
        cls._with_none = {name: cls._defaults.get(name) for name in cls._types}
        cls._without_default = frozenset(cls._types.keys() - cls._defaults.keys())
        setattr(cls, "__match_args__", tuple(cls._types))  # noqa: B010 (mypy has its own)

    def __init__(self, *given: Any, **named: Any) -> None:
        told = {**dict(zip(self._types, given, strict=False)), **named} if given else named
        values = {**self._with_none, **told}
        as_told = len(told) == len(given) + len(named) and len(values) == len(self._types)
        if not as_told or not told.keys() >= self._without_default:
            raise TypeError(_wrong(type(self), {**self._defaults, **told}))
        vars(self).update(values)

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

    def document(self) -> dict[str, Any]:
        """The model as JSON data: models in its fields likewise, tuples as lists."""
        tag = {self.TAG: type(self).__name__} if self.TAG else {}
        return {**tag, **{name: _plain(value) for name, value in vars(self).items()}}

    @classmethod
    def from_document(cls, document: Mapping[str, Any], where: str = "") -> Self:
        """The model in JSON data that `document` made; what it does not know is left out.

        `where` is the path in error messages, the name of the model unless given.

        Raises
        ------
        DocumentInvalid
            Naming the fields that are missing, or the first that is not of its type.
        """
        return _model(cls, document, where or cls.__name__)


class Ordered(Frozen):
    """Base of models that are ordered by their fields, the first before the others."""

    def __lt__(self, other: Self) -> bool:
        return tuple(vars(self).values()) < tuple(vars(other).values())


def field_types(kind: type[Frozen]) -> Mapping[str, Any]:
    """The fields of a model in order, those of its bases first, with their types."""
    return kind._types  # noqa: SLF001 (of this module)


def _plain(value: Any) -> Any:
    match value:
        case str() | int() | None:  # most are, and to ask about `Mapping` takes long
            return value
        case Frozen():
            return type(value).document(value)  # a field may have the method's name
        case list() | tuple():
            return [_plain(item) for item in value]
        case Mapping():
            return {key: _plain(item) for key, item in value.items()}
        case _:
            return value


_Reader: TypeAlias = Callable[[Any, str], Any]
"""Reads a value, which stands at a path that errors name."""


_M = TypeVar("_M", bound=Frozen)


def _model(kind: type[_M], given: Any, where: str) -> _M:
    if not isinstance(given, Mapping):
        raise DocumentInvalid(f"{where} has to be an object")
    types = field_types(kind)
    missing = (name for name in types if name not in given and name not in kind._defaults)  # noqa: SLF001
    if lacking := ", ".join(missing):
        raise DocumentInvalid(f"{where} lacks {lacking}")
    read = {n: _reader(types[n])(given[n], f"{where}.{n}") for n in types if n in given}
    return kind(**read)


@cache
def _reader(kind: Any) -> _Reader:
    """What reads a field of a type; what there is no rule for is handed on as it is."""
    origin: Any = getattr(kind, "__origin__", None)
    inner: tuple[Any, ...] = getattr(kind, "__args__", ())
    if isinstance(kind, type) and issubclass(kind, Frozen):
        return kind.from_document
    if NoneType in inner:
        return partial(_optional, _choice(tuple(one for one in inner if one is not NoneType)))
    if origin is tuple and inner[1:] == (...,):
        return partial(_items, _reader(inner[0]))
    if origin in (dict, Mapping):
        return partial(_plainly, dict)
    return partial(_plainly, str) if kind is str else _choice(inner)


def _choice(kinds: tuple[Any, ...]) -> _Reader:
    """What reads one of several types: the tag says which."""
    if len(kinds) == 1:
        return _reader(kinds[0])
    models = {kind.__name__: kind for kind in kinds if isinstance(kind, type) and _tag(kind)}
    return partial(_tagged, models) if models else lambda given, _: given


def _optional(reader: _Reader, given: Any, where: str) -> Any:
    return None if given is None else reader(given, where)


def _items(reader: _Reader, given: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(given, list | tuple):
        raise DocumentInvalid(f"{where} has to be a list")
    return tuple(reader(item, where) for item in given)


def _plainly(kind: type, given: Any, where: str) -> Any:
    if not isinstance(given, kind):
        raise DocumentInvalid(f"{where} has to be a {kind.__name__}")
    return given


def _tagged(models: Mapping[str, type[Frozen]], given: Any, where: str) -> Frozen:
    tags = {_tag(model) for model in models.values()}
    names = (str(given.get(tag)) for tag in tags) if isinstance(given, Mapping) else ()
    model = next((models[name] for name in names if name in models), None)
    if model is None:
        raise DocumentInvalid(f"{where} has to be one of {', '.join(models)}")
    return model.from_document(given, where)


def _tag(kind: type) -> str | None:
    return getattr(kind, "TAG", None)


def _is_field(kind: Any) -> bool:
    return getattr(kind, "__origin__", kind) is not ClassVar


def _wrong(kind: type[Frozen], values: Mapping[str, Any]) -> str:
    types = field_types(kind)
    if lacking := [name for name in types if name not in values]:
        return f"{kind.__name__} lacks {', '.join(lacking)}"
    return f"{kind.__name__} has no {', '.join(values.keys() - types) or 'more fields'}"
