"""The details of events as models: for their JSON Schemas, not for run time.

Within version 1 fields may only be added.
"""

from typing import Annotated, Literal

from latchkey.grants.record import EventType, Outcome, Trigger
from latchkey.reports.summary.line import Effect
from pydantic import BaseModel, Field


class ToldProblem(BaseModel):
    """One fault of a config: a JSON pointer into it, and what to write instead."""

    path: str
    message: str


class ToldChange(BaseModel):
    """What changes, in words."""

    effect: Effect
    text: str


class OutcomeEvent(BaseModel):
    """What became of a grant or of a config file. Within version 1 fields may only be added."""

    version: Annotated[Literal[1], Field(description="Always `1`.")]
    fact: Annotated[EventType, Field(description="What happened; also the event's `detail-type`.")]
    outcome: Annotated[Outcome, Field(description="As in the result file.")]
    partner: Annotated[str | None, Field(description="Null when the config names no grant.")]
    grant: Annotated[str | None, Field(description="The grant's name within the partner.")]
    owner: Annotated[str | None, Field(description="The team that answers for the grant.")]
    reason: Annotated[str, Field(description="Why.")]
    widens: Annotated[bool | None, Field(description="Whether more is allowed than before.")]
    summary: Annotated[list[ToldChange], Field(description="What changes, the risk first.")]
    problems: Annotated[list[ToldProblem], Field(description="What to mend, and where.")]
    drift: Annotated[list[str], Field(description="What had been changed past Latchkey.")]
    role_arn: Annotated[str | None, Field(description="The partner's role.")]
    starts_at: Annotated[str | None, Field(description="Nothing works before.")]
    expires_at: Annotated[str | None, Field(description="Nothing works from then on.")]
    by: Annotated[Trigger | None, Field(description="What set the run off.")]
    requested_by: Annotated[str | None, Field(description="Who asked for it, if it was said.")]
    config_bucket: Annotated[str | None, Field(description="The config file's bucket.")]
    config_key: Annotated[str | None, Field(description="The config file's key.")]
    config_version: Annotated[str | None, Field(description="The version that was looked at.")]
    result_bucket: Annotated[str, Field(description="Where the result file is.")]
    result_key: Annotated[str | None, Field(description="The result file's key.")]
    execution: Annotated[
        str,
        Field(description="The run's ARN. With `fact` it tells an event that comes twice."),
    ]
    recorded_at: Annotated[str, Field(description="When, in UTC, with microseconds.")]


class ExpiryEvent(BaseModel):
    """A grant that expires soon. Within version 1 fields may only be added."""

    version: Annotated[Literal[1], Field(description="Always `1`.")]
    partner: Annotated[str, Field(description="The partner.")]
    grant: Annotated[str, Field(description="The grant's name within the partner.")]
    owner: Annotated[str | None, Field(description="The team that answers for the grant.")]
    status: Annotated[str, Field(description="`active`, `suspended` or `failed`.")]
    expires_at: Annotated[str, Field(description="Nothing works from then on.")]
    days_left: Annotated[int, Field(description="Days until then by the calendar (UTC).")]
