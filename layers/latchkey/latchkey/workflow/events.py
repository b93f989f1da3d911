"""What the workflow hands to its steps; read at the entry of each function.

Frozen models: most of these functions parse no config, and need no library for it.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Self

from latchkey.errors import EventInvalid
from latchkey.frozen import Frozen, field_types


class Event(Frozen):
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


class Execution(Event):
    """The execution that a step belongs to: `id` is its ARN, `name` is unique in the workflow.

    `start_time` is a time in ISO 8601, as Step Functions gives it.
    """

    id: str
    name: str
    start_time: str | None = None


class PlanEvent(Event):
    """The input of Plan: the workflow's own input as it came, valid or not."""

    request: Any
    execution: Execution


class CarryOutEvent(PlanEvent):
    """The input of GrantAccess and RevokeAccess: the state with a plan in it."""

    plan: dict[str, Any]


class RecordEvent(PlanEvent):
    """The input of RecordOutcome: what was planned, what was applied, and what went wrong, if so.

    `error` is `{"Error": …, "Cause": …}` as Step Functions catches it.
    """

    plan: dict[str, Any] | None = None
    applied: dict[str, Any] | None = None
    error: dict[str, Any] | None = None


class NotifyEvent(PlanEvent):
    """The input of TellOutcome: the same, with the result that was recorded."""

    result: dict[str, Any]
    plan: dict[str, Any] | None = None
    applied: dict[str, Any] | None = None
    error: dict[str, Any] | None = None


class Carried(Event):
    """What an order for many grants came to for one of them."""

    grant: str
    outcome: str


class FoundSoFar(Event):
    """How far an order for many grants has come: `after` is the last grant that was found."""

    after: str = ""
    outcomes: Mapping[str, int] = MappingProxyType({})
    failed: Sequence[str] = ()
    done: Sequence[Carried] = ()


class FindEvent(PlanEvent):
    """The input of FindGrants; `found` is its own last answer, with what was done since."""

    found: FoundSoFar


_PLAIN: Mapping[Any, Any] = {
    str: str,
    str | None: str,
    dict[str, Any]: dict,
    dict[str, Any] | None: dict,
    Mapping[str, int]: dict,
    Sequence[str]: list,
    Sequence[Carried]: list,
}
"""What JSON data has to be, for each type of a field that is neither an event nor anything."""


def _read[E: Event](kind: type[E], given: Any, where: str) -> E:
    if not isinstance(given, dict):
        raise EventInvalid(f"{where} has to be an object")
    known = field_types(kind)
    needed = (name for name in known if not hasattr(kind, name))
    if missing := [name for name in needed if name not in given]:
        raise EventInvalid(f"{where} lacks {', '.join(missing)}")
    here = {name: given[name] for name in known if name in given}
    return kind(**{n: _value(known[n], found, f"{where}.{n}") for n, found in here.items()})


def _value(kind: Any, given: Any, where: str) -> Any:
    if isinstance(kind, type) and issubclass(kind, Event):
        return _read(kind, given, where)
    plain = _PLAIN.get(kind)
    if plain is None or (given is None and kind != plain and type(None) in _choices(kind)):
        return given
    if not isinstance(given, plain):  # names the field, never its value
        raise EventInvalid(f"{where} has to be a {plain.__name__}")
    if kind == Sequence[Carried]:
        return [_read(Carried, item, where) for item in given]
    return given


def _choices(kind: Any) -> tuple[Any, ...]:
    return getattr(kind, "__args__", ())
