"""The phase that a grant is in at a time, and its words: every medium that shows a grant asks here.

`status` is what is on record. It does not say whether access has begun, nor that it has ended by
its dates where nothing has removed the role yet.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from latchkey.frozen import Frozen
from latchkey.grants.record import GrantRecord

Phase = Literal["none", "not begun", "active", "suspended", "failed", "ended"]
"""`none`: nothing is granted, and a role was never made or is gone since longer."""

_ALLOWS: Mapping[Phase, str] = {
    "none": "It allows nothing: it was never granted.",
    "not begun": "It allows nothing before it begins; from then on:",
    "active": "What it allows:",
    "suspended": "It allows nothing while it is suspended; otherwise:",
    "failed": "A run failed, so it may allow this, what it allowed before, or what is between:",
    "ended": "It allows nothing: it has ended.",
}

_OVER = ("revoked", "expired")


class Standing(Frozen):
    """Where a grant stands at a time; times are `YYYY-MM-DDTHH:MM:SSZ`.

    `ended_at` is when access ended, of a grant that has ended; `begun` is whether it had begun by
    then, or has by now; `overdue` that only its dates ended it so far, and its role is still there.
    """

    phase: Phase
    status: str
    starts_at: str | None = None
    expires_at: str | None = None
    ended_at: str | None = None
    begun: bool = True
    overdue: bool = False

    @property
    def title(self) -> str:
        """The status for people, in a word or two."""
        if self.phase == "not begun":
            return "not begun"
        return "ended by its dates" if self.overdue else self.status

    @property
    def end(self) -> str | None:
        """When access ends or has ended, if it was given."""
        return None if self.phase == "none" else self.ended_at or self.expires_at

    def dates(self) -> Iterator[tuple[str, str]]:
        """The dates with what they are called now: what is past is told as past."""
        if self.phase == "none":
            return
        if self.starts_at:
            to_come = "was to begin" if self.phase == "ended" else "begins"
            yield ("began" if self.begun else to_come), self.starts_at
        if self.phase != "ended":
            if self.expires_at:
                yield "ends", self.expires_at
            return
        if self.ended_at:
            yield "ended", self.ended_at
        if self.expires_at and self.expires_at != self.ended_at:
            yield "was to end", self.expires_at


def standing(record: GrantRecord, now: str) -> Standing:
    """Where a grant stands by its record at a time, `YYYY-MM-DDTHH:MM:SSZ`."""
    dates = (record.starts_at, record.expires_at)
    phase = phase_of(record.status, *dates, now, live=record.live)
    overdue = phase == "ended" and record.status not in _OVER
    ended = _ended_at(record, phase)
    begun = (record.starts_at or "") <= (ended or now)
    return Standing(phase, record.status, *dates, ended, begun, overdue)


def allows_words(record: GrantRecord, stands: Standing) -> str:
    """How a list of what the grant allows begins; one that had a role once was granted once."""
    again = stands.phase == "none" and record.role_arn
    return "It allows nothing: what was granted once has ended." if again else _ALLOWS[stands.phase]


def phase_dates(result: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The dates of a result (docs/results.md), called as they were when it was recorded.

    A result of a release before has no phase: then its outcome says whether access has ended.
    """
    outcome, dates = str(result.get("outcome")), (result.get("starts_at"), result.get("expires_at"))
    phase: Phase = result.get("phase") or ("ended" if outcome in _OVER else "active")
    at = str(result.get("recorded_at") or "")[:19]
    seen = (dates[1], f"{at}Z" if at else None)
    ended = min(filter(None, seen), default=None) if phase == "ended" else None
    begun = (dates[0] or "") <= (ended or (f"{at}Z" if at else "9"))
    return Standing(phase, outcome, *dates, ended, begun).dates()


def phase_of(
    status: str, starts_at: str | None, expires_at: str | None, now: str, *, live: bool = True
) -> Phase:
    """The phase by status and dates; of a grant that is not `live` nobody got a role."""
    if status in _OVER:
        return "ended"
    if not live or status not in ("active", "suspended", "failed"):
        return "none"
    if status == "failed":
        return "failed"
    if expires_at and expires_at <= now:
        return "ended"
    if status == "suspended":
        return "suspended"
    return "not begun" if starts_at and starts_at > now else "active"


def _ended_at(record: GrantRecord, phase: Phase) -> str | None:
    if phase != "ended":
        return None
    if record.status != "revoked":
        return record.expires_at or record.updated_at
    return min(filter(None, (record.expires_at, record.updated_at)), default=None)
