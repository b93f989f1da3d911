"""Changes of the guardrails, as those hear of them who approve: an event, and an e-mail."""

from collections.abc import Iterator
from typing import Literal

from latchkey.frozen import Frozen
from latchkey.reports.mail import Notice, mail

FACT = "GuardrailsChanged"
"""The `detail-type` of the events."""

Kind = Literal["loosened", "unknown", "invalid", "deleted"]

_MOST = 50
"""Differences that event and message name."""


class GuardrailsEvent(Frozen):
    """What a version of the guardrails allows more (`schema/guardrails-event.schema.json`).

    Within version 1 fields are only added. With `parameter`, `written_at` identifies duplicates;
    it and `parameter_version` are null where the parameter is gone. `changed_by` is an ARN, where
    Parameter Store says who it was.
    """

    version: Literal[1]
    kind: Kind
    parameter: str
    parameter_version: int | None
    written_at: str | None
    changed_by: str | None
    loosened: tuple[str, ...]
    reason: str
    approvers: tuple[str, ...]


_REASONS: dict[Kind, str] = {
    "loosened": "the new guardrails allow what those before did not",
    "unknown": "the guardrails were changed, and not all of the difference is known: a version "
    "before this one can no longer be read",
    "invalid": "the guardrails are not a valid document any more: nothing is granted until they "
    "are mended",
    "deleted": "the guardrails were deleted: nothing is granted until there are any",
}
_HEADLINES: dict[Kind, str] = {
    "loosened": "guardrails allow more than before",
    "unknown": "guardrails were changed, not all of the difference is known",
    "invalid": "guardrails are not valid, nothing is granted",
    "deleted": "guardrails were deleted, nothing is granted",
}


def reason_of(kind: Kind) -> str:
    """What happened, in a sentence."""
    return _REASONS[kind]


def first_told(lines: tuple[str, ...]) -> tuple[str, ...]:
    """The differences that an event names: the first, and how many more there are."""
    more = len(lines) - _MOST
    return (*lines[:_MOST], f"and {more} more differences") if more > 0 else lines


def guardrails_notice(event: GuardrailsEvent) -> Notice:
    """The message about a change, with what approvers of what waits filter by, too."""
    attributes = {"outcome": "guardrails_changed", "approvers": f",{','.join(event.approvers)},"}
    title = _HEADLINES[event.kind]
    return mail(title, _notice_lines(event, title), attributes)


def _notice_lines(event: GuardrailsEvent, title: str) -> Iterator[str]:
    yield title
    yield ""
    if event.loosened:
        yield "What is allowed more than before:"
        yield from (f"- {line}" for line in event.loosened)
        yield ""
    yield f"Why: {event.reason}"
    number = f", version {event.parameter_version}" if event.parameter_version else ""
    yield f"Parameter: {event.parameter}{number}"
    if event.written_at:
        yield f"Changed at: {event.written_at}"
    if event.changed_by:
        yield f"Changed by: {event.changed_by}"
    yield f"Groups told: {', '.join(event.approvers)}"
    yield ""
    yield "What to do: docs/runbook.md#guardrails-were-changed"
