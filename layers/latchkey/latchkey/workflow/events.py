"""What the workflow hands to its steps; read at the entry of each function.

Frozen models: most of these functions parse no config, and need no library for it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Self

from latchkey.errors import EventInvalid
from latchkey.frozen import DocumentInvalid, Frozen
from latchkey.grants.plan import GrantPlan


class StepEvent(Frozen):
    """Base of the models: read from JSON data, errors never contain its values."""

    @classmethod
    def read(cls, given: Any) -> Self:
        """The event in JSON data; what is not of the event is left out.

        Raises
        ------
        EventInvalid
            Naming all fields that are missing, or the first that is not of its type.
        """
        try:
            return cls.from_document(given)
        except DocumentInvalid as invalid:
            raise EventInvalid(str(invalid)) from None


class Execution(StepEvent):
    """The execution that a step belongs to: `id` is its ARN, `name` is unique in the workflow.

    `start_time` is a time in ISO 8601, as Step Functions gives it.
    """

    id: str
    name: str
    start_time: str | None = None


class PlanEvent(StepEvent):
    """The input of Plan: the workflow's own input as it came, valid or not."""

    request: Any
    execution: Execution


class CarryOutEvent(PlanEvent):
    """The input of GrantAccess and RevokeAccess: the state with a plan in it."""

    plan: GrantPlan


class RecordEvent(PlanEvent):
    """The input of RecordOutcome: what was planned, what was applied, and what went wrong, if so.

    `error` is `{"Error": …, "Cause": …}` as Step Functions catches it.
    """

    plan: GrantPlan | None = None
    applied: dict[str, Any] | None = None
    error: dict[str, Any] | None = None


class NotifyEvent(PlanEvent):
    """The input of NotifyOutcome: the same, with the result that was recorded."""

    result: dict[str, Any]
    plan: GrantPlan | None = None
    applied: dict[str, Any] | None = None
    error: dict[str, Any] | None = None


class GrantOutcome(StepEvent):
    """The outcome of a bulk order for one grant."""

    grant: str
    outcome: str


class FoundSoFar(StepEvent):
    """The progress of a bulk order: `after` is the last grant that was found."""

    after: str = ""
    outcomes: Mapping[str, int] = MappingProxyType({})
    failed: tuple[str, ...] = ()
    done: tuple[GrantOutcome, ...] = ()


class FindEvent(PlanEvent):
    """The input of FindGrants; `found` is its own last answer, with what was done since."""

    found: FoundSoFar
