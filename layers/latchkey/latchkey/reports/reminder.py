"""Reminders: which grants are named today, and the one message that each owner gets."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Literal

from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.reports.mail import Notice, mail
from latchkey.times import instant, parse_instant

DAYS = (14, 7, 1)
"""How many days before its expiry a grant is named."""

FACT = "AccessExpiring"
"""The `detail-type` of the events."""


class ExpiryEvent(Frozen):
    """A grant that expires soon (`schema/expiry-event.schema.json`).

    Within version 1 fields may only be added. `status` is `active`, `suspended` or `failed`;
    `days_left` are days by the calendar, in UTC.
    """

    version: Literal[1]
    partner: str
    grant: str
    owner: str | None
    owner_contact: str | None
    status: str
    expires_at: str
    days_left: int
    confirm_every_days: int | None = None


class Expiring(Frozen):
    """A live grant and when it expires (`YYYY-MM-DDTHH:MM:SSZ`)."""

    id: GrantId
    expires_at: str
    status: str


def window(now: datetime) -> tuple[str, str]:
    """From when to when grants expire of which some may be named today."""
    return instant(now), instant(now + timedelta(days=max(DAYS) + 1))


def days_left(grant: Expiring, now: datetime) -> int:
    """Days by the calendar, in UTC: a run that is early or late on a day names the same grants."""
    return (parse_instant(grant.expires_at).date() - parse_instant(instant(now)).date()).days


def named_today(found: Iterable[Expiring], now: datetime) -> list[Expiring]:
    """The grants that are 14, 7 or 1 days from their expiry, the next to expire first."""
    named = (grant for grant in found if days_left(grant, now) in DAYS)
    return sorted(named, key=lambda grant: (grant.expires_at, grant.id))


def expiry_event(
    grant: Expiring,
    owner: str | None,
    now: datetime,
    contact: str | None = None,
    confirm: int | None = None,
) -> ExpiryEvent:
    """The event about one grant; `confirm` is how often it has to be confirmed, if it has."""
    return ExpiryEvent(
        version=1,
        **vars(grant.id),
        owner=owner,
        owner_contact=contact,
        status=grant.status,
        expires_at=grant.expires_at,
        days_left=days_left(grant, now),
        confirm_every_days=confirm,
    )


def digests(
    events: Iterable[ExpiryEvent], links: Mapping[GrantId, str] | None = None
) -> Iterator[Notice]:
    """One message for each owner, with all of the owner's grants in it; `links` to their files."""
    by_owner: Mapping[str, list[ExpiryEvent]] = defaultdict(list)
    for event in events:
        by_owner[event.owner or ""].append(event)
    for owner in sorted(by_owner):
        yield _digest(owner, by_owner[owner], links or {})


def _digest(owner: str, events: list[ExpiryEvent], links: Mapping[GrantId, str]) -> Notice:
    soonest = min(event.days_left for event in events)
    grants = "1 grant expires" if len(events) == 1 else f"{len(events)} grants expire"
    title = f"{grants} soon, the first {_in(soonest)}"
    return mail(title, _lines(owner, events, links), {"outcome": "expiring", "owner": owner})


def _lines(owner: str, events: list[ExpiryEvent], links: Mapping[GrantId, str]) -> Iterator[str]:
    yield f"Access that ends soon{f', of {owner}' if owner else ''}:"
    for days in sorted({event.days_left for event in events}):
        yield ""
        yield f"{_in(days)}:"
        for event in (event for event in events if event.days_left == days):
            yield _line(event)
            if link := links.get(GrantId(event.partner, event.grant)):
                yield f"its file: {link}"
    yield ""
    yield "Nothing has to be done for access to end."
    if fixed := [event for event in events if event.confirm_every_days is None]:
        yield "To renew a grant before that time (docs/expiry.md#renewal), say until when, or"
        yield "upload its file with a later expires_at:"
        for event in fixed:
            yield f"latchkey renew {event.partner}.{event.grant} --for 90d"
    if open_ended := [event for event in events if event.confirm_every_days]:
        yield "What is still needed goes on for whoever confirms it (docs/expiry.md#confirmation):"
        for event in open_ended:
            if event.status == "suspended":
                yield f"latchkey resume {event.partner}.{event.grant} --reason …"
            yield f"latchkey confirm {event.partner}.{event.grant} --reason …"


def _in(days: int) -> str:
    return "tomorrow" if days == 1 else f"in {days} days"


def _line(event: ExpiryEvent) -> str:
    status = "" if event.status == "active" else f" ({event.status})"
    contact = f", contact {event.owner_contact}" if event.owner_contact else ""
    return f"- {event.partner}.{event.grant} at {event.expires_at}{status}{contact}"
