"""Messages for people: an outcome as an e-mail of plain text."""

from collections.abc import Iterator, Mapping, Sequence

from latchkey.grants.phase import phase_of
from latchkey.grants.record import EventType
from latchkey.grants.repair import KEPT
from latchkey.grants.trigger import triggered_by
from latchkey.keys import RESULT_TEXT, SHEET_PAGE, beside_result
from latchkey.reports.links import Links
from latchkey.reports.mail import Notice, mail
from latchkey.reports.outcome_event import OutcomeEvent, account_beside
from latchkey.reports.redaction import HIDDEN

_MOST = 10
"""Entries of each list in a message; the result file has them all."""

_HEADLINES: Mapping[EventType, str] = {
    "AccessGranted": "access granted",
    "AccessUpdated": "access changed",
    "AccessConfirmed": "access confirmed, it goes on",
    "AccessSuspended": "access suspended",
    "AccessRevoked": "access revoked",
    "AccessExpired": "access expired",
    "ConfigRejected": "config rejected, nothing was changed",
    "OrderRejected": "order refused, nothing was changed",
    "GrantFailed": "failed",
    "DriftRepaired": "was changed by hand, and put back",
    "FindingsReported": "problems found, access goes on",
    "FindingsResolved": "problems are no more",
    "ApprovalRequested": "waits for approval, nothing was changed yet",
}
_NOT_DONE = ("ApprovalRequested", "ConfigRejected", "OrderRejected")
"""Facts of which nothing was done."""

_SHEETS = ("AccessGranted", "AccessUpdated")
_SEND = "send the partner its sheet: docs/handoff.md"
_NEXT: Mapping[EventType, str] = {
    "AccessGranted": _SEND,
    "AccessUpdated": f"{_SEND}, if it needs what is new",
    "GrantFailed": "docs/runbook.md#failed-runs",
    "DriftRepaired": "docs/runbook.md#drift",
}

_LEFT_OUT = (
    "A name above has an external ID of this config in it and is left out, whatever it is: approve "
    "nothing before latchkey approve --show-secrets has told it."
)


def outcome_notice(
    event: OutcomeEvent, links: Links | None = None, *, created: bool = False, home: str = ""
) -> Notice:
    """The message about an outcome; `created` says that the run made the role.

    Without `links`, files are named by bucket and key only. `home` is the stack's own account:
    another one is named.
    """
    attributes = {
        "outcome": event.outcome,
        "partner": event.partner,
        "grant": event.grant,
        "owner": event.owner,
        "approvers": _approvers(event),
    }
    title = f"{about(event)}: {headline(event, created)}"
    return mail(title, _lines(event, title, links, home), attributes)


def _approvers(event: OutcomeEvent) -> str | None:
    """The groups that have to approve, between commas: a filter on `,security,` finds its group."""
    waits = event.fact == "ApprovalRequested"
    return f",{','.join(need.group for need in event.awaits)}," if waits else None


def about(event: OutcomeEvent) -> str:
    """What an event is about: a grant, a file, or an input that names neither."""
    if event.grant:
        return f"{event.partner}.{event.grant}"
    return event.config_key or "workflow input"


def headline(event: OutcomeEvent, created: bool) -> str:
    """What happened, in a few words of ours; `created` says that the run made the role."""
    if created and event.fact == "AccessSuspended":
        return "created, suspended: nothing is allowed yet"
    if _to_come(event):
        return f"{_HEADLINES[event.fact]}, begins at {event.starts_at}"
    widened = event.widens and event.fact != "AccessGranted"
    kept = any(problem.message.startswith(KEPT) for problem in event.problems)
    if kept and event.fact == "FindingsReported":
        return "access was taken away by hand, and left so"
    more = _more(event) if widened else ""
    left = "; what was taken away by hand was left so" if kept else ""
    return f"{_HEADLINES[event.fact]}{more}{left}"


def changes_label(event: OutcomeEvent) -> str:
    """What stands before the changes in words: whether they were made."""
    if event.fact in _NOT_DONE:
        return "What would change"
    return "What was to change" if event.fact == "GrantFailed" else "What changes"


def ways_to_decide(event: OutcomeEvent) -> tuple[str, str]:
    """The commands by which approvers decide on what waits."""
    name = about(event)
    return f"latchkey approve {name}", f'latchkey reject {name} --reason "…"'


def _more(event: OutcomeEvent) -> str:
    if event.fact in _NOT_DONE:
        return ", it would allow more than before"
    may = "may be" if event.fact == "GrantFailed" else "is"
    return f", more {may} allowed than before"


def _to_come(event: OutcomeEvent) -> bool:
    """Whether access was granted that has not begun."""
    at = f"{event.recorded_at[:19]}Z"
    phase = phase_of("active", event.starts_at, event.expires_at, at)
    return event.fact == "AccessGranted" and phase == "not begun"


def _lines(event: OutcomeEvent, title: str, links: Links | None, home: str) -> Iterator[str]:
    yield title
    yield ""
    waits = event.fact == "ApprovalRequested"
    needs = [str(need) for need in event.awaits if waits]
    yield from _listed("Who has to approve", needs)
    yield from _listed(changes_label(event), [change.text for change in event.summary])
    if waits and any(HIDDEN in change.text for change in event.summary):
        yield _LEFT_OUT
        yield ""
    yield from _listed("What had been changed by hand", event.drift)
    problems = [f"{p.path or '(the file)'}: {p.message}" for p in event.problems]
    yield from _listed("What to mend", problems)
    yield from (f"{label}: {text}" for label, text in _particulars(event, links, home) if text)
    yield ""
    what = _NEXT.get(event.fact, "docs/runbook.md#outcome-of-a-file")
    if waits:
        what = f"{' or '.join(ways_to_decide(event))}, see docs/approvals.md"
    yield f"What to do: {what}"


def _listed(label: str, texts: Sequence[str]) -> Iterator[str]:
    if not texts:
        return
    yield f"{label}:"
    yield from (f"- {text}" for text in texts[:_MOST])
    if len(texts) > _MOST:
        yield f"- and {len(texts) - _MOST} more, see the result"
    yield ""


def _particulars(
    event: OutcomeEvent, links: Links | None, home: str
) -> Iterator[tuple[str, str | None]]:
    ended = event.outcome in ("revoked", "expired")
    yield "Why", event.reason
    yield "Set off by", _by(event)
    yield "Owner", event.owner
    yield "Contact", event.owner_contact
    yield "From", None if ended else event.starts_at
    yield "Until", None if ended else event.expires_at
    yield "Account", account_beside(event, home)
    yield "Role", event.role_arn
    yield "Digest", event.digest if event.fact == "ApprovalRequested" else None
    yield "Approved by", ", ".join(event.approved_by) or None
    to = links.to if links else _uri
    if event.config_bucket and event.config_key:
        yield "File", to(event.config_bucket, event.config_key)
    if event.result_key:
        yield "Result", to(event.result_bucket, beside_result(event.result_key, RESULT_TEXT))
    if event.fact in _SHEETS and event.result_key:
        yield "Sheet", to(event.result_bucket, beside_result(event.result_key, SHEET_PAGE))
    if event.partner and event.grant:
        yield "At a terminal", f"latchkey show {event.partner}.{event.grant}"
    elif event.config_key:
        yield "At a terminal", f"latchkey result {event.config_key}"


def _uri(bucket: str, key: str) -> str:
    return f"s3://{bucket}/{key}"


def _by(event: OutcomeEvent) -> str | None:
    return triggered_by(event.document()) or None
