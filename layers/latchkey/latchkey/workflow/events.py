"""What the workflow hands to its steps; read at the entry of each function.

Frozen models: most of these functions parse no config, and need no library for it. Beside the
execution's own input nothing in them grows with a config, an order or a message: plans, what was
applied, and results go by reference (`workflow.run_data`), and texts are cut (`brief`). What a step
is handed, and what it answers, stays below `MOST` bytes.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Self

from latchkey.errors import EventInvalid
from latchkey.frozen import DocumentInvalid, Frozen
from latchkey.grant_id import GrantId
from latchkey.grants.plan import Step, Stored

MOST = 16_384
"""Bytes of JSON that a step's data have at most, the execution's own input aside."""

_BRIEF = 1_000


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


class Planned(StepEvent):
    """What the workflow's state has of a plan: where to go on, and where the plan is.

    `stored` is None where there is nothing to do; then this is the execution's output. `changes`
    is how many there are, `reason` is cut.
    """

    step: Step
    outcome: str
    reason: str
    changes: int
    dry_run: bool
    grant: GrantId | None = None
    config_version: str | None = None
    stored: Stored | None = None


class Applied(StepEvent):
    """What the state has of what was applied: the rest is in the plan, or stored beside it.

    Where the changes are those of the plan, `verified`, `checks` and a cut-off (`issued_before`)
    are all there is to add; else everything is `stored`.
    """

    verified: Mapping[str, Any] = MappingProxyType({})
    checks: tuple[Mapping[str, Any], ...] = ()
    issued_before: str | None = None
    stored: Stored | None = None


class Recorded(StepEvent):
    """What the state has of a result, and the output of the execution: where the whole result is.

    `result_bucket`, `result_key` and `result_version` are that of the result file; a result that
    has no place of its own (the input made no sense) has no key, and the first of its `problems`
    here. `changes` are names of API actions. Texts and lists are cut, and quote no external ID.
    """

    outcome: str
    reason: str
    recorded_at: str
    dry_run: bool = False
    widens: bool = False
    partner: str | None = None
    grant: str | None = None
    role_arn: str | None = None
    starts_at: str | None = None
    expires_at: str | None = None
    config_version: str | None = None
    problems: tuple[Mapping[str, Any], ...] = ()
    summary: tuple[Mapping[str, Any], ...] = ()
    changes: tuple[Mapping[str, Any], ...] = ()
    result_bucket: str | None = None
    result_key: str | None = None
    result_version: str | None = None


class PlanEvent(StepEvent):
    """The input of Plan: the workflow's own input as it came, valid or not.

    `retries` is how often Plan was tried again, whatever for: Step Functions counts them in
    `$$.State.RetryCount` (developer guide, "Context object").
    """

    request: Any
    execution: Execution
    retries: int = 0


class CarryOutEvent(StepEvent):
    """The input of GrantAccess and RevokeAccess: the state with a plan in it."""

    execution: Execution
    plan: Planned


class RecordEvent(StepEvent):
    """The input of RecordOutcome: what was planned, what was applied, and what went wrong, if so.

    `error` is `{"Error": …, "Cause": …}` as Step Functions catches it. `request` is there where
    planning failed: it is all that is known then. With `plan_only`, which the plan workflow asks
    for, the plan is described in a file of its own, and nothing else is written.
    """

    execution: Execution
    plan: Planned | None = None
    applied: Applied | None = None
    error: dict[str, Any] | None = None
    request: Any = None
    plan_only: bool = False


class NotifyEvent(StepEvent):
    """The input of NotifyOutcome: the same, with the result that was recorded."""

    execution: Execution
    result: Recorded
    plan: Planned | None = None
    applied: Applied | None = None
    error: dict[str, Any] | None = None
    request: Any = None


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


class FindEvent(StepEvent):
    """The input of FindGrants; `found` is its own last answer, with what was done since."""

    request: Any
    execution: Execution
    found: FoundSoFar


def brief(text: str, most: int = _BRIEF) -> str:
    """A text cut to so many bytes of JSON, however its characters are escaped."""
    if len(json.dumps(text)) <= most:
        return text
    fits, over = 0, min(len(text), most)
    while over - fits > 1:
        middle = (fits + over) // 2
        if len(json.dumps(text[:middle])) <= most:
            fits = middle
        else:
            over = middle
    return f"{text[:fits]}…"
