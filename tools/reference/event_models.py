"""The details of events as models: for their JSON Schemas, not for run time.

Within version 1 fields may only be added.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from latchkey.grants.record import EventType, Outcome, Trigger
from latchkey.reports.guardrails_notice import Kind
from latchkey.reports.summary.line import Effect
from tools.reference.result_items import AuthorItem, GroupNeed


class ToldProblem(BaseModel):
    """One problem with a config: a JSON pointer into it, and what to write instead."""

    path: str
    message: str


class ToldChange(BaseModel):
    """One effect, in plain language."""

    effect: Effect
    text: str


class OutcomeEvent(BaseModel):
    """The outcome of a grant or a config file. Within version 1 fields are only added."""

    version: Annotated[Literal[1], Field(description="Always `1`.")]
    fact: Annotated[EventType, Field(description="What happened; also the event's `detail-type`.")]
    outcome: Annotated[Outcome, Field(description="As in the result file.")]
    partner: Annotated[str | None, Field(description="Null when the config names no grant.")]
    grant: Annotated[str | None, Field(description="The grant's name within the partner.")]
    owner: Annotated[str | None, Field(description="The team responsible for the grant.")]
    owner_contact: Annotated[
        str | None, Field(description="Where the owner is reached: an address or a URL.")
    ]
    reason: Annotated[str, Field(description="The reason for the outcome.")]
    widens: Annotated[
        bool | None,
        Field(description="Whether more is allowed than before, or would be: see `outcome`."),
    ]
    summary: Annotated[
        list[ToldChange], Field(description="What changes; what widens access first.")
    ]
    problems: Annotated[list[ToldProblem], Field(description="What to fix, and where.")]
    drift: Annotated[list[str], Field(description="Modifications of the role outside Latchkey.")]
    role_arn: Annotated[str | None, Field(description="ARN of the partner role.")]
    starts_at: Annotated[str | None, Field(description="Start of access; null: immediately.")]
    expires_at: Annotated[str | None, Field(description="End of access.")]
    by: Annotated[Trigger | None, Field(description="What triggered the run.")]
    order: Annotated[str | None, Field(description="The action of an order; null without one.")]
    requested_by: Annotated[
        str | None, Field(description="Who requested it, as the request says; not verified.")
    ]
    author: Annotated[
        AuthorItem | None,
        Field(description="Who uploaded or removed the file's version, as S3 told; null unknown."),
    ] = None
    config_bucket: Annotated[str | None, Field(description="Bucket of the config file.")]
    config_key: Annotated[str | None, Field(description="Key of the config file.")]
    config_version: Annotated[str | None, Field(description="Version of the config.")]
    result_bucket: Annotated[str, Field(description="Bucket of the result file.")]
    result_key: Annotated[str | None, Field(description="Key of the result file.")]
    execution: Annotated[
        str,
        Field(description="The execution's ARN. With `fact` it identifies duplicates."),
    ]
    recorded_at: Annotated[
        str, Field(description="When it was planned, in UTC, with microseconds.")
    ]
    digest: Annotated[str | None, Field(description="The digest of the state that was asked for.")]
    awaits: Annotated[
        list[GroupNeed], Field(description="Who has to approve it before it is granted.")
    ]
    approved_by: Annotated[list[str], Field(description="Who approved it.")]
    account: Annotated[
        str | None, Field(description="The account of the partner role; null where there is none.")
    ]


class ExpiryEvent(BaseModel):
    """A grant that expires soon. Within version 1 fields are only added."""

    version: Annotated[Literal[1], Field(description="Always `1`.")]
    partner: Annotated[str, Field(description="The partner.")]
    grant: Annotated[str, Field(description="The grant's name within the partner.")]
    owner: Annotated[str | None, Field(description="The team responsible for the grant.")]
    owner_contact: Annotated[
        str | None, Field(description="Where the owner is reached: an address or a URL.")
    ]
    status: Annotated[str, Field(description="`active`, `suspended` or `failed`.")]
    expires_at: Annotated[str, Field(description="End of access.")]
    days_left: Annotated[int, Field(description="Calendar days until then (UTC).")]
    confirm_every_days: Annotated[
        int | None,
        Field(description="How often the grant has to be confirmed; null with a fixed end."),
    ]


class GuardrailsEvent(BaseModel):
    """What a version of the guardrails allows more. Within version 1 fields are only added."""

    version: Annotated[Literal[1], Field(description="Always `1`.")]
    kind: Annotated[
        Kind,
        Field(
            description="`loosened`; `unknown`: not all of the difference is known; `invalid` or "
            "`deleted`: nothing is granted."
        ),
    ]
    parameter: Annotated[str, Field(description="Name of the SSM parameter.")]
    parameter_version: Annotated[
        int | None, Field(description="Number of its version; null where it was deleted.")
    ]
    written_at: Annotated[
        str | None,
        Field(description="When it was written. With `parameter` it identifies duplicates."),
    ]
    changed_by: Annotated[
        str | None, Field(description="ARN of who wrote it; null where that is not known.")
    ]
    loosened: Annotated[
        list[str], Field(description="What is allowed more than before, the field first.")
    ]
    reason: Annotated[str, Field(description="What happened, in a sentence.")]
    approvers: Annotated[
        list[str], Field(description="The groups that approve by the old rules or the new.")
    ]
