"""Periods of access, derived from the snapshots of a grant: who could do what, and when.

The last snapshot at or before a moment decides, within the dates of its policies. After a run that
failed the role may be as it was, as planned, or in between: both count then, as not certain.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, TypeAlias

from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.grants.author import Author
from latchkey.history.resource_query import shown
from latchkey.history.snapshot import AccessSnapshot, Allowed
from latchkey.newer_python import replace
from latchkey.services.labels import labels

_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)
_BEGINNINGS = ("AccessGranted", "GrantFailed")

_Window: TypeAlias = tuple[datetime, datetime]
_Given: TypeAlias = "Mapping[Access, tuple[_Window, ...]]"


class Access(Frozen):
    """What is allowed to whom; `certain` is False while a failed run leaves it open."""

    principals: tuple[str, ...]
    allowed: Allowed
    certain: bool


class Period(Frozen):
    """A time without a break, `since` included and `until` not, in which a grant gave an access.

    `ended` is what ended it: the event with its reason, `expired`, or None when nothing that is on
    record has; `until` is then the expiry in the policies. `since_known` is False where the history
    begins with an access that was there before. `author` wrote the file's version that first gave
    this access, as S3 told.
    """

    grant: GrantId
    access: Access
    since: datetime
    until: datetime
    ended: str | None
    since_known: bool
    role_arn: str | None
    purpose: str | None
    owner: str | None
    author: Author | None

    def overlaps(self, start: datetime, end: datetime) -> bool:
        """Whether the access was given at any moment from `start` to `end`, both included."""
        return self.since <= end and start < self.until

    def document(self) -> dict[str, Any]:
        """The period as JSON data."""
        service, resource = shown(self.access.allowed.resource)
        return {
            "partner": self.grant.partner,
            "grant": self.grant.grant,
            "principals": list(self.access.principals),
            "service": service,
            "resource": resource,
            "arn": self.access.allowed.resource,
            "may": labels(self.access.allowed.actions),
            "since": _shown(self.since),
            "until": _shown(self.until),
            "ended": self.ended,
            "since_known": self.since_known,
            "certain": self.access.certain,
            "role_arn": self.role_arn,
            "purpose": self.purpose,
            "owner": self.owner,
            "author": str(self.author) if self.author else None,
        }


def periods(snapshots: Iterable[AccessSnapshot]) -> list[Period]:
    """The periods of one grant's snapshots, which come in the order of their time."""
    found: list[Period] = []
    latest: dict[Access, int] = {}
    for period in _pieces(list(snapshots)):
        before = latest.get(period.access)
        if before is not None and found[before].until == period.since:
            started = found[before]
            known, author = started.since_known, started.author
            found[before] = replace(period, since=started.since, since_known=known, author=author)
        else:
            latest[period.access] = len(found)
            found.append(period)
    return found


def _pieces(snapshots: Sequence[AccessSnapshot]) -> Iterator[Period]:
    """What each snapshot gave, until the next one."""
    given: _Given = {}
    latest = snapshots[0] if snapshots else None
    for snapshot, following in pairwise([*snapshots, None]):
        assert snapshot
        given = _given_from(snapshot, given)
        latest = snapshot if snapshot.allows or latest is None else latest
        at, end = _moment(snapshot.at), _moment(following.at) if following else _LAST
        windows = ((access, *window) for access, found in given.items() for window in found)
        for access, starts, expires in windows:
            since, until = max(at, starts), min(end, expires)
            if since < until:
                first = snapshot is snapshots[0] and snapshot.fact not in _BEGINNINGS
                ended = _ended(following, expired=expires <= end)
                yield _period(latest, access, (since, until), ended, known=not first or since > at)


def _period(
    latest: AccessSnapshot, access: Access, span: _Window, ended: str | None, *, known: bool
) -> Period:
    arn, purpose, owner = latest.role_arn, latest.purpose, latest.owner
    return Period(latest.id, access, *span, ended, known, arn, purpose, owner, latest.author)


def _given_from(snapshot: AccessSnapshot, before: _Given) -> _Given:
    """What may be done from a snapshot on, and within which dates of its policies."""
    window = (_moment(snapshot.starts_at), _moment(snapshot.expires_at, _LAST))
    if snapshot.certain:
        return {Access(snapshot.principals, one, True): (window,) for one in snapshot.allows}
    kept = {principal for access in before for principal in access.principals}
    principals = tuple(sorted({*snapshot.principals, *kept}))
    windows = {one: [window] for one in snapshot.allows}
    for access, earlier in before.items():
        windows.setdefault(access.allowed, []).extend(earlier)
    return {Access(principals, one, False): _joined(times) for one, times in windows.items()}


def _joined(windows: Sequence[_Window]) -> tuple[_Window, ...]:
    """Windows in order, those that overlap as one."""
    joined: list[_Window] = []
    for start, end in sorted(windows):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _ended(following: AccessSnapshot | None, *, expired: bool) -> str | None:
    if following is None:
        return None
    return "expired" if expired else f"{following.fact}: {following.reason}"


def _moment(text: str | None, missing: datetime = _FIRST) -> datetime:
    return datetime.fromisoformat(text) if text else missing


def _shown(moment: datetime) -> str:
    """RFC 3339 in UTC, with microseconds where there are any."""
    return moment.isoformat().replace("+00:00", "Z")
