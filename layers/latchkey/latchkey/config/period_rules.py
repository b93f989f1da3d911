"""How long access lasts: to a fixed end, or as long as somebody confirms it."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from latchkey.config.problem import Problem
from latchkey.times import instant

if TYPE_CHECKING:
    from latchkey.config.guardrails import Guardrails

NO_END = (
    "missing; write when access ends, like 2030-06-30T18:00:00Z, or `confirm_every_days` where the "
    "guardrails allow it"
)


def end_problems(fields: Mapping[str, Any]) -> Iterator[Problem]:
    """Exactly one of the two says how access ends; a field that is not valid says nothing."""
    if not {"expires_at", "confirm_every_days"} <= fields.keys():
        return
    fixed, days = fields["expires_at"], fields["confirm_every_days"]
    if fixed is None and days is None:
        yield Problem("/expires_at", NO_END)
    if fixed is not None and days is not None:
        yield Problem(
            "/confirm_every_days",
            "access ends at `expires_at` already, whoever confirms it; leave out one of the two",
        )


def time_problems(fields: Mapping[str, Any], now: datetime | None) -> Iterator[Problem]:
    """Access that is over before it starts is a slip of the pen."""
    starts_at, expires_at = fields.get("starts_at"), fields.get("expires_at")
    if now and expires_at and expires_at <= now:
        yield Problem(
            "/expires_at",
            f"{instant(expires_at)} is in the past (it is {instant(now)}); write a later time, "
            'or "status": "revoked" to end the grant',
        )
    if starts_at and expires_at and starts_at >= expires_at:
        yield Problem(
            "/starts_at",
            f"{instant(starts_at)} is not before `expires_at`, {instant(expires_at)}",
        )


def begin_problems(fields: Mapping[str, Any], now: datetime | None) -> Iterator[Problem]:
    """Access that ends before it begins, unless somebody confirms what nobody has used."""
    starts_at, days = fields.get("starts_at"), fields.get("confirm_every_days")
    if now and starts_at and days and starts_at >= now + timedelta(days=days):
        yield Problem(
            "/starts_at",
            f"{instant(starts_at)} is more than `confirm_every_days`, {days}, from now: the grant "
            "would end before it begins; upload it later",
        )


def period_broken(
    fields: Mapping[str, Any], rules: "Guardrails", now: datetime
) -> Iterator[tuple[str, str, str]]:
    """How the dates break guardrails: JSON pointer, the rule's name, and what to write."""
    longest, days = rules.max_grant_days, fields.get("confirm_every_days")
    if days is not None:
        yield from _confirmed_too_rarely(days, rules)
        return
    start, end = max(fields.get("starts_at") or now, now), fields.get("expires_at") or now
    if longest and end - start > timedelta(days=longest):
        latest = instant(start + timedelta(days=longest))
        message = f"a grant lasts {longest} days at most; write {latest} or earlier"
        yield "/expires_at", "max_grant_days", message


def _confirmed_too_rarely(days: int, rules: "Guardrails") -> Iterator[tuple[str, str, str]]:
    """What nobody confirms ends; how soon, and whether that may take the place of an end."""
    path, most, longest = "/confirm_every_days", rules.max_confirm_days, rules.max_grant_days
    if most is None:
        message = "grants without a fixed end are not allowed; write `expires_at` instead"
        yield path, "max_confirm_days", message
    elif days > most:
        message = f"a grant has to be confirmed every {most} days at least; write {most} or less"
        yield path, "max_confirm_days", message
    if longest and days > longest:
        message = f"a grant lasts {longest} days at most; write {longest} or less"
        yield path, "max_grant_days", message
