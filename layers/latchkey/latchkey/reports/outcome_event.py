"""An outcome as an event: its detail, version 1.

It holds neither external IDs nor policies: readers of the bus need not know them.
"""

from collections.abc import Mapping
from typing import Any, Literal

from latchkey.config.problem import Problem
from latchkey.frozen import Frozen
from latchkey.grants.author import Author
from latchkey.grants.pending import GroupNeed, awaited
from latchkey.grants.record import EventType, Outcome, Trigger
from latchkey.reports.redaction import Redactor
from latchkey.reports.summary.line import Line

SOURCE = "latchkey"
"""The `source` of all events."""

_MOST = 50
"""Entries of each list in an event; the result file has them all."""


class OutcomeEvent(Frozen):
    """The outcome of a grant or a config file (`schema/outcome-event.schema.json`).

    Within version 1 fields are only added. With `fact`, `execution` identifies duplicates.
    """

    version: Literal[1]
    fact: EventType
    outcome: Outcome
    partner: str | None
    grant: str | None
    owner: str | None
    owner_contact: str | None
    reason: str
    widens: bool | None
    summary: tuple[Line, ...]
    problems: tuple[Problem, ...]
    drift: tuple[str, ...]
    role_arn: str | None
    starts_at: str | None
    expires_at: str | None
    by: Trigger | None
    order: str | None
    requested_by: str | None
    author: Author | None
    config_bucket: str | None
    config_key: str | None
    config_version: str | None
    result_bucket: str
    result_key: str | None
    execution: str
    recorded_at: str
    digest: str | None
    awaits: tuple[GroupNeed, ...]
    approved_by: tuple[str, ...]
    account: str | None


def account_beside(event: OutcomeEvent, home: str) -> str | None:
    """The account of the role, where `home` is known, the stack's own, and is another."""
    return event.account if home and event.account != home else None


class About(Frozen):
    """What an event holds besides the result.

    `unsaid` are the external IDs that are known of the grant, which no text of the event may quote.
    """

    fact: EventType
    owner: str | None
    by: Trigger | None
    result_bucket: str
    result_key: str | None
    execution: str
    unsaid: tuple[str, ...] = ()
    owner_contact: str | None = None


def outcome_event(result: Mapping[str, Any], about: About) -> OutcomeEvent:
    """The event of a result (docs/contract.md, "Events and messages")."""
    fields: dict[str, Any] = {name: result.get(name) for name in _AS_IN_THE_RESULT}
    redact = Redactor(about.unsaid)
    texts = {
        "owner": about.owner,
        "owner_contact": about.owner_contact,
        "reason": result["reason"],
        "requested_by": result.get("requested_by"),
        "author": result.get("author"),
        "config_key": result.get("config_key"),
        "result_key": about.result_key,
        "summary": (result.get("summary") or [])[:_MOST],
        "problems": [_limited(problem) for problem in result["problems"][:_MOST]],
        "drift": result["drift"][:_MOST],
    }
    fields |= {
        "version": 1,
        "awaits": tuple(awaited(result)),
        "approved_by": tuple(result.get("approved_by") or ()),
        "fact": about.fact,
        "by": about.by,
        "widens": result.get("widens"),
        "result_bucket": about.result_bucket,
        "execution": about.execution,
    }
    fields |= {name: redact.document(found) for name, found in texts.items()}
    fields["summary"] = tuple(Line(line["effect"], line["text"]) for line in fields["summary"])
    fields["problems"] = tuple(Problem(**problem) for problem in fields["problems"])
    author = fields["author"] and Author.from_document(fields["author"])
    return OutcomeEvent(**{**fields, "author": author, "drift": tuple(fields["drift"])})


def _limited(problem: Mapping[str, str]) -> Mapping[str, str]:
    """A problem; what is wrong with an external ID may quote it."""
    if problem["path"].startswith(_EXTERNAL_ID):
        return {**problem, "message": "see the result file"}
    return problem


_EXTERNAL_ID = "/external_id"
_AS_IN_THE_RESULT = (
    "outcome",
    "partner",
    "grant",
    "role_arn",
    "starts_at",
    "expires_at",
    "order",
    "config_bucket",
    "config_version",
    "recorded_at",
    "digest",
    "account",
)
