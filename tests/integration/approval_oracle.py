"""What a partner may have got at most, by a small model of its own: it asks nothing of Latchkey.

It knows what each version of the file asks for, which rules are in force, and who approved which
version. From that follows which versions may have been granted, and what a role may give.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from latchkey.times import parse_instant
from tests.kit.examples import config_document, s3_entry
from tests.kit.stack.approvals import ADA, BEN, GROUPS, SSO, WIDER

Gives = frozenset[tuple[str, ...]]

PARTNERS = ("444455556666", "777788889999")
IDS = ("acme-7f3b2c91", "acme-other-11")
READS, WRITES = ("s3:GetObject",), ("s3:PutObject", "s3:DeleteObject")
PLACES = ("data-bucket/in/x", "data-bucket/out/x", "other-bucket/x")
SESSIONS = ("3600", "7200")
OTHER = "arn:aws:s3:::other-bucket"
SOON, BEFORE, LATE = "2026-03-01T00:00:00Z", "2029-01-01T00:00:00Z", "2031-01-01T00:00:00Z"

ASKS: dict[str, dict[str, Any]] = {
    "same": {},
    "wider": {"access": WIDER},
    "narrower": {"access": [s3_entry(prefix="in", allow="read")]},
    "partners": {"principals": list(PARTNERS)},
    "both": {"principals": list(PARTNERS), "access": WIDER},
    "other": {"access": [s3_entry(bucket="other-bucket", allow="read")]},
    "other id": {"external_id": IDS[1]},
    "sessions": {"max_session_duration": 7200},
    "soon": {"expires_at": SOON},
    "shorter": {"expires_at": BEFORE},
    "longer": {"expires_at": LATE},
    "suspended": {"status": "suspended", "principals": list(PARTNERS)},
    "revoked": {"status": "revoked"},
    "invalid": {"purpose": ""},
    "nothing there": {"access": [s3_entry(bucket="no-such-bucket")]},
}

RULES: dict[str, Any] = {
    "two": [{"when": {"widening": True}, "groups": {"security": 2}}],
    "one": [{"when": {"widening": True}, "groups": {"security": 1}}],
    "people": [{"when": {"widening": True}, "groups": {"people": 1}}],
    "other bucket": [
        {"when": {"resources": ["arn:aws:s3:::other-bucket*"]}, "groups": {"security": 1}}
    ],
    "none": [],
    "denied": [{"when": {"widening": True}, "groups": {"security": 2}}],
    "unreadable": None,
}
NEEDED = {"two": ("security", 2), "one": ("security", 1), "people": ("people", 1)}
NEEDED |= {"denied": ("security", 2), "other bucket": ("security", 1)}


def needs(rules: str, name: str) -> tuple[str, int] | None:
    """How many of which group have to approve what gives more."""
    if rules == "other bucket" and not _touches_other(name):
        return None
    return NEEDED.get(rules)


def _touches_other(name: str) -> bool:
    return any(entry["bucket"] == "other-bucket" for entry in document(name)["access"])


def document(name: str) -> dict[str, Any]:
    """The config that a version of that name is."""
    return config_document(**ASKS[name])


def gives(name: str) -> Gives:
    """What a config gives, taken apart."""
    asked = document(name)
    ids = {("trust", who, asked["external_id"]) for who in asked["principals"]}
    longest = int(asked.get("max_session_duration", 3600))
    lengths = {("session", one) for one in SESSIONS if int(one) <= longest}
    return frozenset(ids | lengths | _may(asked["access"]))


def _may(entries: list[dict[str, Any]]) -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for entry in entries:
        actions = READS if entry["allow"] == "read" else (*READS, *WRITES)
        prefix = f"{entry['bucket']}/{entry.get('prefix', '')}"
        found |= {("may", act, one) for act in actions for one in PLACES if one.startswith(prefix)}
    return found


def ends(name: str) -> datetime:
    """When a config ends."""
    return parse_instant(document(name)["expires_at"])


@dataclass
class Version:
    """A version of the file: what it asks for, and what people said of it."""

    name: str
    by: str
    at: datetime
    approved: dict[tuple[str, str], datetime] = field(default_factory=dict)
    rejected: bool = False

    @property
    def gives(self) -> Gives:
        """What it gives, taken apart."""
        return gives(self.name)

    @property
    def active(self) -> bool:
        """Whether it asks for access now."""
        return "status" not in ASKS[self.name]

    @property
    def valid(self) -> bool:
        """Whether it can be granted at all."""
        return self.name not in ("invalid", "nothing there")

    def enough(self, rules: str, now: datetime) -> bool:
        """Whether all have approved who have to."""
        need = needs(rules, self.name)
        if need is None:
            return True
        group, number = need
        members = set(GROUPS[group]["members"])
        people = {
            who
            for (who, of), at in self.approved.items()
            if of == group
            and who.partition(":")[0] in members
            and who.partition(":")[0] != self.by.partition(":")[0]
            and now - at < timedelta(hours=168)
        }
        return len(people) >= number and not self.rejected


@dataclass
class Oracle:
    """Which versions may have been granted by now: `had` are those that a role may be by."""

    versions: dict[str, Version] = field(default_factory=dict)
    newest: str | None = None
    rules: str = "two"
    had: list[Version] = field(default_factory=list)
    closed: list[Version] = field(default_factory=list)

    def grantable(self, version: Version, now: datetime) -> bool:
        """Whether a version may be granted now, by the rules and what people said."""
        if not version.valid or self.rules == "unreadable":
            return False
        if self.rules == "denied" and _touches_other(version.name):
            return False
        return self.no_more(version) or version.enough(self.rules, now)

    def no_more(self, version: Version) -> bool:
        """Whether a version gives no more than one that was granted before, but for its end."""
        return any(version.gives <= one.gives for one in self.had)

    def most(self, now: datetime) -> tuple[Gives, datetime | None]:
        """The most that a role may give now, and until when."""
        granted = list(self.had)
        newest = self.versions[self.newest] if self.newest else None
        if newest and newest.active and self.grantable(newest, now):
            granted.append(newest)
        of = [one.gives for one in granted] + [
            frozenset(gift for gift in one.gives if gift[0] != "may") for one in self.closed
        ]
        last = max((ends(one.name) for one in [*granted, *self.closed]), default=None)
        return frozenset().union(*of), last


PEOPLE = {"ada": (ADA, "security"), "ben": (BEN, "security"), "sso": (f"{SSO}:cy", "people")}
