"""What the workflow hands to its steps; read at the entry of each function.

Plain dataclasses: most of these functions parse no config, and need no library for it.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Self

from latchkey.domain.errors import EventInvalid


@dataclass(frozen=True)
class Event:
    """Base of the models: read from JSON data, of which an error never tells the values."""

    @classmethod
    def read(cls, given: Any) -> Self:
        """The event in JSON data; what is not of the event is left out.

        Raises
        ------
        EventInvalid
            Naming all fields that are missing or not of their type.
        """
        return _read(cls, given, cls.__name__)


@dataclass(frozen=True)
class Execution(Event):
    """The execution that a step belongs to: `id` is its ARN, `name` is unique in the workflow.

    `start_time` is a time in ISO 8601, as Step Functions gives it.
    """

    id: str
    name: str
    start_time: str | None = None


@dataclass(frozen=True)
class PlanEvent(Event):
    """The input of Plan: the workflow's own input as it came, valid or not."""

    request: Any
    execution: Execution


@dataclass(frozen=True)
class CarryOutEvent(PlanEvent):
    """The input of GrantAccess and RevokeAccess: the state with a plan in it."""

    plan: dict[str, Any]


@dataclass(frozen=True)
class RecordEvent(PlanEvent):
    """The input of RecordOutcome: what was planned, what was applied, and what went wrong, if so.

    `error` is `{"Error": …, "Cause": …}` as Step Functions catches it.
    """

    plan: dict[str, Any] | None = None
    applied: dict[str, Any] | None = None
    error: dict[str, Any] | None = None


@dataclass(frozen=True)
class Carried(Event):
    """What an order for many grants came to for one of them."""

    grant: str
    outcome: str


@dataclass(frozen=True)
class FoundSoFar(Event):
    """How far an order for many grants has come: `after` is the last grant that was found."""

    after: str = ""
    outcomes: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    done: list[Carried] = field(default_factory=list)


@dataclass(frozen=True)
class FindEvent(PlanEvent):
    """The input of FindGrants; `found` is its own last answer, with what was done since."""

    found: FoundSoFar


_PLAIN: Mapping[Any, Any] = {
    str: str,
    str | None: str,
    dict[str, Any]: dict,
    dict[str, Any] | None: dict,
    dict[str, int]: dict,
    list[str]: list,
    list[Carried]: list,
}
"""What JSON data has to be, for each type of a field that is neither an event nor anything."""


def _read[E: Event](kind: type[E], given: Any, where: str) -> E:
    if not isinstance(given, dict):
        raise EventInvalid(f"{where} has to be an object")
    known = fields(kind)
    needed = (f.name for f in known if f.default is MISSING and f.default_factory is MISSING)
    if missing := [name for name in needed if name not in given]:
        raise EventInvalid(f"{where} lacks {', '.join(missing)}")
    here = (f for f in known if f.name in given)
    return kind(**{f.name: _value(f.type, given[f.name], f"{where}.{f.name}") for f in here})


def _value(kind: Any, given: Any, where: str) -> Any:
    if isinstance(kind, type) and issubclass(kind, Event):
        return _read(kind, given, where)
    plain = _PLAIN.get(kind)
    if plain is None or (given is None and kind != plain and type(None) in _choices(kind)):
        return given
    if not isinstance(given, plain):  # names the field, never its value
        raise EventInvalid(f"{where} has to be a {plain.__name__}")
    if kind == list[Carried]:
        return [_read(Carried, item, where) for item in given]
    return given


def _choices(kind: Any) -> tuple[Any, ...]:
    return getattr(kind, "__args__", ())
