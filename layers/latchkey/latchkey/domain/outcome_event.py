"""What the outside is told of an outcome: the detail of an event, version 1.

It holds neither external IDs nor policies: whoever may listen to the bus need not know them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from latchkey.domain.grant import Fact, Layer, Outcome

SOURCE = "latchkey"
"""The `source` of all events."""

Effect = Literal["widens", "narrows", "changes", "ends", "none"]

_MOST = 50
"""Entries of each list in an event; the result file has them all."""


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

    model_config = ConfigDict(frozen=True)

    version: Annotated[Literal[1], Field(description="Always `1`.")]
    fact: Annotated[Fact, Field(description="What happened; also the event's `detail-type`.")]
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
    by: Annotated[Layer | None, Field(description="What set the run off.")]
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


@dataclass(frozen=True)
class About:
    """What an event tells besides the result.

    `unsaid` are the external IDs of the grant, which no text of the event may quote.
    """

    fact: Fact
    owner: str | None
    by: Layer | None
    result_bucket: str
    result_key: str | None
    execution: str
    unsaid: tuple[str, ...] = ()


def outcome_event(result: Mapping[str, Any], about: About) -> OutcomeEvent:
    """The event of a result (DESIGN 2.3)."""
    told: dict[str, Any] = {name: result.get(name) for name in _AS_IN_THE_RESULT}
    texts = {
        "reason": result["reason"],
        "requested_by": result.get("requested_by"),
        "summary": (result.get("summary") or [])[:_MOST],
        "problems": [_told(problem) for problem in result["problems"][:_MOST]],
        "drift": result["drift"][:_MOST],
    }
    told |= {
        "version": 1,
        "fact": about.fact,
        "owner": about.owner,
        "by": about.by,
        "widens": result.get("widens"),
        "result_bucket": about.result_bucket,
        "result_key": about.result_key,
        "execution": about.execution,
    }
    return OutcomeEvent.model_validate(told | _without(texts, about.unsaid))


def _told(problem: Mapping[str, str]) -> Mapping[str, str]:
    """A problem; what is wrong with an external ID may quote it."""
    if problem["path"] == _EXTERNAL_ID:
        return {**problem, "message": "see the result file"}
    return problem


def _without(found: Any, unsaid: tuple[str, ...]) -> Any:
    """The same with other words in place of those that are unsaid."""
    match found:
        case str():
            for text in unsaid:
                found = found.replace(text, "(external ID)")
            return found
        case dict():
            return {name: _without(value, unsaid) for name, value in found.items()}
        case list():
            return [_without(value, unsaid) for value in found]
        case _:
            return found


_EXTERNAL_ID = "/external_id"
_AS_IN_THE_RESULT = (
    "outcome",
    "partner",
    "grant",
    "role_arn",
    "starts_at",
    "expires_at",
    "config_bucket",
    "config_key",
    "config_version",
    "recorded_at",
)
