"""What a partner may have got at most, by a small model of its own: it asks nothing of Latchkey.

It knows what each version of the file asks for, which key its bucket has, which rules are in force,
and who approved what of which version. From that follows which versions may have been granted, and
what a role may give.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.integration.approval_states import (
    ASKS,
    DAYS,
    Gives,
    fixed_end,
    gives,
    groups,
    has_key,
    hours,
    needs,
    touches_other,
)

Said = dict[tuple[str, str], tuple[datetime, str | None]]
"""Who of which group said something: when, and of what."""


@dataclass
class Version:
    """A version of the file, or a config of the workflow's input: what it asks for, and what people
    said of it, which they did of it with the key that its bucket had then.
    """

    name: str
    by: str
    at: datetime
    inline: bool = False
    approved: Said = field(default_factory=dict)
    refused: Said = field(default_factory=dict)
    rejected: bool = False

    @property
    def gives(self) -> Gives:
        """What it gives, taken apart, but for keys."""
        return gives(self.name)

    @property
    def active(self) -> bool:
        """Whether it asks for access now."""
        return "status" not in ASKS[self.name]

    @property
    def valid(self) -> bool:
        """Whether it can be granted at all; what had ended when it was uploaded cannot."""
        return self.name not in ("invalid", "nothing there") and self.ends(None) > self.at

    @property
    def role_name(self) -> str | None:
        """The name that it demands for its role."""
        name: str | None = ASKS[self.name].get("role_name")
        return name

    def ends(self, confirmed: datetime | None) -> datetime:
        """When it ends at the latest, by when somebody confirmed it last."""
        return fixed_end(self.name) or max(self.at, confirmed or self.at) + timedelta(days=DAYS)


@dataclass
class Oracle:
    """Which versions may have been granted by now: `had` are those that a role may be by.

    `key` is that of the bucket, `keys` those that the role may use, `waits` is the request that is
    on record: its digest, and since when. `taken` says whether another grant's role has the name,
    `rival` is the newest version of another file that asks for the grant.
    """

    versions: dict[str, Version] = field(default_factory=dict)
    newest: str | None = None
    rival: str | None = None
    sent: Version | None = None
    rules: str = "two"
    key: str | None = None
    keys: set[str] = field(default_factory=set)
    waits: str | None = None
    taken: bool = False
    confirmed: datetime | None = None
    had: list[Version] = field(default_factory=list)
    closed: list[Version] = field(default_factory=list)

    def grantable(self, version: Version, now: datetime) -> bool:
        """Whether a version may be granted now, by the rules and what people said."""
        if not version.valid or self.rules == "unreadable":
            return False
        if self.rules == "denied" and touches_other(version.name):
            return False
        return self.no_more(version) or self.enough(version, now)

    def clashes(self, version: Version) -> bool:
        """Whether the role's name keeps a version from being granted."""
        return bool(version.role_name and self.taken) or any(
            one.role_name != version.role_name for one in [*self.had, *self.closed]
        )

    def no_more(self, version: Version) -> bool:
        """Whether a version gives no more than one that was granted before, but for its end."""
        if self.key and has_key(version.name) and self.key not in self.keys:
            return False
        return any(version.gives <= one.gives and self._no_longer(version, one) for one in self.had)

    def _no_longer(self, version: Version, than: Version) -> bool:
        if self.rules != "days" or version is than:
            return True
        if fixed_end(version.name) is None:  # which is no earlier end than any fixed one
            return fixed_end(than.name) is None
        return version.ends(self.confirmed) <= than.ends(self.confirmed)

    def enough(self, version: Version, now: datetime) -> bool:
        """Whether all have approved who have to, and nobody has rejected it."""
        needed = needs(self.rules, version.name)
        if not needed:
            return True
        ((group, number),) = needed.items()
        members = set(groups(self.rules)[group]["members"])
        valid = timedelta(hours=hours(self.rules))
        people = {
            who
            for (who, of), (at, key) in version.approved.items()
            if of == group
            and _id(who) in members
            and _id(who) != _id(version.by)
            and now - at < valid
            and key == self.key
        }
        refused = any(
            of == group and _id(who) in members and what == self.waits
            for (who, of), (_, what) in version.refused.items()
        )
        return len(people) >= number and not (version.rejected or refused)

    def most(self, now: datetime) -> tuple[Gives, datetime | None]:
        """The most that a role may give now, and until when."""
        files = (self.versions[one] for one in (self.newest, self.rival) if one)
        asked = (one for one in (*files, self.sent) if one and one.active)
        granted = [*self.had, *(one for one in asked if self.grantable(one, now))]
        of = [one.gives for one in granted] + [
            frozenset(gift for gift in one.gives if gift[0] != "may") for one in self.closed
        ]
        keys = set(self.keys)
        if self.key and any(has_key(one.name) and self.grantable(one, now) for one in granted):
            keys.add(self.key)
        uses = frozenset(("may", "kms:Decrypt", key) for key in keys)
        last = max((one.ends(self.confirmed) for one in [*granted, *self.closed]), default=None)
        return frozenset().union(uses, *of), last


def _id(who: str) -> str:
    return who.partition(":")[0]
