"""A register that looks like a real one: a few dozen grants of made-up partners."""

import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from latchkey.config.problem import Problem
from latchkey.grants.record import GrantRecord
from latchkey.reports.redaction import Redactor
from latchkey.reports.register.document import Document, document_of
from latchkey.reports.register.entry import RegisterEntry, entry_of
from latchkey.reports.register.history import history_line
from latchkey.services.rows import rows_of
from latchkey.times import instant

Event = dict[str, Any]
Access = dict[str, str]

ACCOUNT = "123456789012"
PARTNERS = (
    "acme",
    "adventure-works",
    "contoso",
    "fabrikam",
    "litware",
    "northwind",
    "proseware",
    "tailspin",
    "wingtip",
    "woodgrove",
)
OWNERS = ("data-platform", "payments", "logistics", "marketing-insights", "identity")
TASKS: tuple[tuple[str, str, tuple[Access, ...]], ...] = (
    (
        "reports",
        "Nightly exchange of settlement reports",
        (
            {
                "service": "s3",
                "bucket": "settlement-reports",
                "prefix": "{p}",
                "allow": "read-write",
            },
            {"service": "secretsmanager", "secret": "{p}/reports-api", "allow": "read"},
        ),
    ),
    (
        "orders",
        "Sends orders of its web shop to our fulfilment",
        ({"service": "sqs", "queue": "incoming-orders", "allow": "send"},),
    ),
    (
        "catalogue",
        "Reads prices and stock for its shop window",
        (
            {"service": "dynamodb", "table": "catalogue", "allow": "read"},
            {"service": "s3", "bucket": "product-images", "allow": "read"},
        ),
    ),
    (
        "telemetry",
        "Streams vehicle positions into route planning",
        ({"service": "kinesis", "stream": "vehicle-positions", "allow": "write"},),
    ),
    (
        "quotes",
        "Asks for freight quotes on behalf of its customers",
        (
            {"service": "lambda", "function": "freight-quote", "allow": "invoke"},
            {"service": "ssm", "parameter": "/freight/{p}/", "allow": "read"},
        ),
    ),
    (
        "audit",
        "Yearly audit of ledgers by the appointed auditor",
        (
            {"service": "s3", "bucket": "ledger-archive", "prefix": "2026", "allow": "read"},
            {"service": "dynamodb", "table": "ledger-index", "allow": "read"},
            {"service": "secretsmanager", "secret": "{p}/ledger-viewer", "allow": "read"},
            {"service": "sns", "topic": "audit-questions", "allow": "publish"},
            {"service": "events", "event_bus": "audit", "allow": "put"},
        ),
    ),
)


def example(now: datetime) -> Document:
    """The data of such a register at a time; the same each time but for the dates."""
    dice = random.Random(11)  # noqa: S311 (no secret)
    return document_of("latchkey", _entries(now, dice), now)


def _entries(now: datetime, dice: random.Random) -> Iterator[RegisterEntry]:
    for partner in PARTNERS:
        for name, purpose, access in dice.sample(TASKS, dice.choice((2, 3, 4))):
            yield _entry(GrantDates(now, dice), partner, (name, purpose, access), dice)


class GrantDates:
    """When a grant was made, ends, and how it stands."""

    def __init__(self, now: datetime, dice: random.Random) -> None:
        left = dice.choice((-40, -9, 3, 6, 12, 21, 26, 44, 61, 75, 120, 150, 210, 270, 330, 420))
        hours = timedelta(hours=dice.randrange(20))
        self.granted = now - timedelta(days=dice.randrange(20, 320)) - hours
        self.ends = (now + timedelta(days=left)).replace(hour=18, minute=0, second=0)
        self.begins = now + timedelta(days=9) if left > 300 and dice.random() < 0.4 else None
        self.over = left < 0
        self.status = "expired" if self.over else "active"
        if not self.over and not self.begins and dice.random() < 0.12:
            self.status = "suspended"
        self.changed = self.ends if self.over else now - timedelta(days=dice.randrange(1, 20))
        self.looked_at = self.status == "active" and dice.random() < 0.08


def _entry(
    dates: GrantDates, partner: str, task: tuple[str, str, tuple[Access, ...]], dice: random.Random
) -> RegisterEntry:
    name, purpose, access = task
    filled = [{key: text.format(p=partner) for key, text in row.items()} for row in access]
    config = {
        "purpose": purpose,
        "owner": dice.choice(OWNERS),
        "principals": [dice.choice(("111122223333", "arn:aws:iam::444455556666:role/exchange"))],
        "external_id": "made-up",
        "max_session_duration": dice.choice((3600, 7200)),
        "access": filled,
    }
    finding = Problem("/access/0", "not used for 90 days; the guardrail max_idle_days allows 60")
    state = GrantRecord(
        partner,
        name,
        dates.status,  # type: ignore[arg-type]  # one of the statuses
        reason="incident 1234: partner's keys may have leaked"
        if dates.status == "suspended"
        else "the config asks for it",
        role_arn=f"arn:aws:iam::{ACCOUNT}:role/partners/partner-{partner}.{name}",
        starts_at=instant(dates.begins) if dates.begins else None,
        expires_at=instant(dates.ends),
        config_key=f"partners/{partner}/{name}.json",
        updated_at=instant(dates.changed),
        config=json.dumps(config),
        findings=(finding,) if dates.looked_at else (),
        last_used=None if dates.begins else instant(dates.changed),
    )
    redact = Redactor(["made-up-external-id"])
    lines = [history_line(event, redact) for event in _events(dates, filled)]
    return entry_of(state.document(), lines, redact)


def _events(dates: GrantDates, access: list[Access]) -> Iterator[Event]:
    """The newest first."""
    ended = {"suspended": "AccessSuspended", "expired": "AccessExpired"}.get(dates.status)
    if ended:
        by = {"ended_by": "schedule"} if dates.over else {"requested_by": "on-call"}
        why = "expired" if dates.over else "incident 1234: partner's keys may have leaked"
        done = [{"action": "DeleteRole"}] if dates.over else [{"action": "PutRolePolicy"}]
        yield _event(ended, dates.changed, why, changes=done, **by)
    renewed = dates.granted + (dates.changed - dates.granted) / 2
    extends = [{"effect": "widens", "text": f"extends to {dates.ends:%-d %B %Y}"}]
    yield _event("AccessUpdated", renewed, "the config asks for it", summary=extends)
    texts = (f"adds {row['allow']} on {row['service']} {_named(row)}" for row in access)
    adds = [{"effect": "widens", "text": text} for text in texts]
    yield _event("AccessGranted", dates.granted, "the config asks for it", summary=adds)


def _named(row: Access) -> str:
    return next(rows_of(row)).name


def _event(name: str, at: datetime, reason: str, **more: Any) -> Event:
    return {"sk": f"EVENT#{instant(at)}", "event": name, "reason": reason, **more}
