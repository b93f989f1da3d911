"""What the workflow hands to its steps; parsed at the entry of each function."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class _Event(BaseModel):
    """Base of the models: what is wrong with an event is told without the event."""

    model_config = ConfigDict(hide_input_in_errors=True)


class Execution(_Event):
    """The execution that a step belongs to: `id` is its ARN, `name` is unique in the workflow.

    `start_time` is a time in ISO 8601, as Step Functions gives it.
    """

    id: str
    name: str
    start_time: str | None = None


class PlanEvent(_Event):
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


class TellEvent(RecordEvent):
    """The input of TellOutcome: the same, with the result that was recorded."""

    result: dict[str, Any]


class Carried(_Event):
    """What an order for many grants came to for one of them."""

    grant: str
    outcome: str


class FoundSoFar(_Event):
    """How far an order for many grants has come: `after` is the last grant that was found."""

    after: str = ""
    outcomes: dict[str, int] = Field(default_factory=dict)
    failed: list[str] = Field(default_factory=list)
    done: list[Carried] = Field(default_factory=list)


class FindEvent(PlanEvent):
    """The input of FindGrants; `found` is its own last answer, with what was done since."""

    found: FoundSoFar
