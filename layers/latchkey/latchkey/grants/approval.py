"""Approvals: which plans wait for a second person, and whether those who have to have approved.

Nothing is believed but where a file is and when it came: the bucket's policy lets everybody write
under their own `aws:userid` only (template.yaml, `ConfigBucketPolicy`; docs/decisions/0060, 0061).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from math import inf
from typing import Any

from latchkey.config.approval_rules import Approval, ApprovalRule, enough, named_groups
from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.grants.approval_key import GivenApproval
from latchkey.grants.author import Author
from latchkey.grants.pending import GroupNeed
from latchkey.grants.widening import More
from latchkey.services.reach import Reached
from latchkey.services.registry import spec


class Asked(Frozen):
    """What an approval has to be for, and who has to give it: `rules` are those that apply."""

    grant: GrantId
    digest: str
    approval: Approval
    rules: tuple[ApprovalRule, ...]

    @property
    def needed(self) -> dict[str, int]:
        """How many people of each group."""
        return named_groups(self.rules)

    def valid_for(self, group: str) -> timedelta:
        """How long an approval of a group counts, by the strictest rule that asks for it."""
        hours = (rule.valid_for_hours for rule in self.rules if group in rule.groups)
        return timedelta(hours=min(hours))


class Counted(Frozen):
    """Who has approved, as far as it counts: `enough` says whether that is all who have to."""

    needs: tuple[GroupNeed, ...]
    enough: bool = False
    rejected_by: str | None = None

    @property
    def people(self) -> tuple[str, ...]:
        """All who have approved, once each."""
        return tuple(sorted({person for need in self.needs for person in need.given}))


class Touched(Frozen):
    """What a grant touches, as far as rules go by it; `days` is infinite without a fixed end."""

    services: frozenset[str]
    reached: tuple[Reached, ...]
    account: str
    days: float

    @property
    def all_services(self) -> frozenset[str]:
        """The services that its entries are of, and those of all that they reach.

        What has a boundary of its own, as keys have, is not used by itself where no entry is of it.
        """
        reached = (one.service for one in self.reached)
        return self.services | {name for name in reached if not spec(name).bounded_by}


def rules_for(approval: Approval | None, touched: Touched, gives: More) -> tuple[ApprovalRule, ...]:
    """The rules that a plan which gives more has to keep; one that only prolongs, those by days."""
    rules: Sequence[ApprovalRule] = approval.rules if approval else ()
    mine = (rule for rule in rules if gives == "widens" or rule.when.days is not None)
    return tuple(rule for rule in mine if all(_holds(rule, touched)))


def _holds(rule: ApprovalRule, touched: Touched) -> Iterator[bool]:
    when = rule.when
    everything = any(spec(name).managed for name in touched.services)
    if when.services is not None:
        yield not touched.all_services.isdisjoint(when.services)
    if when.resources is not None:
        patterns = when.resources
        reached = (one.touched_by(pattern) for one in touched.reached for pattern in patterns)
        yield everything or any(reached)
    if when.accounts is not None:
        yield touched.account in when.accounts
    if when.days is not None:
        yield touched.days > when.days


def days_of(fields: Mapping[str, Any], now: datetime, since: datetime | None = None) -> float:
    """How many days a grant lasts from its start, or now; without a fixed end, for ever.

    One that began before, at `since`, lasts from then, however often it is prolonged by a little,
    and whatever start its file names by now.
    """
    if fields.get("confirm_every_days") is not None:
        return inf
    begun = since is not None and since <= now
    start = since if since and begun else max(fields.get("starts_at") or now, now)
    return float((fields["expires_at"] - start) / timedelta(days=1))


def uploader(author: Author | None) -> tuple[str, str | None] | None:
    """The two parts of the user ID of who uploaded a file, as S3 told it; None if it did not.

    Nobody can be told apart from an author of a form that is not known, nor from a federated user,
    who is any IAM user of the account, under a name of its own (AWS STS API reference,
    GetFederationToken).
    """
    known = author and author.kind not in ("other", "federated")
    return (author.user_id, author.session) if author and known else None


def counted(
    asked: Asked,
    given: Iterable[GivenApproval],
    since: datetime,
    now: datetime,
    author: tuple[str, str | None] | None,
) -> Counted:
    """Who has approved, or rejected, since a change was found to wait; both times are S3's.

    `author` are the two parts of the user ID of whoever uploaded the file: while nobody knows who
    that was, nobody can be known to be another person.
    """
    mine = [one for one in given if _is_for(asked, one) and one.at > since]
    people: dict[str, set[str]] = {group: set() for group in asked.needed}
    rejected = None
    for one in mine:
        person = _person(asked.approval, one)
        if person is None:
            continue
        if one.rejects:
            rejected = f"{person} of {one.group}"
        elif _is_another(asked.approval, one, author) and now - one.at < asked.valid_for(one.group):
            people[one.group].add(person)
    needs = (GroupNeed(name, n, tuple(sorted(people[name]))) for name, n in asked.needed.items())
    return Counted(tuple(needs), rejected is None and enough(asked.needed, people), rejected)


def may_count(
    approval: Approval, one: GivenApproval, now: datetime, author: tuple[str, str | None] | None
) -> bool:
    """Whether an approval can count by any rule: of another member of its group, and not too old.

    Which rules apply only plans know.
    """
    hours = [rule.valid_for_hours for rule in approval.rules if one.group in rule.groups]
    if not hours or one.group not in approval.groups or _person(approval, one) is None:
        return False
    return _is_another(approval, one, author) and now - one.at < timedelta(hours=max(hours))


def _is_for(asked: Asked, one: GivenApproval) -> bool:
    same = (one.grant, one.digest) == (str(asked.grant), asked.digest)
    return same and one.group in asked.needed


def _person(approval: Approval, one: GivenApproval) -> str | None:
    """Whom an approval counts for; None for who is not in the group.

    A session's name is chosen by whoever assumes the role, so the role counts, once; only IAM
    Identity Center names sessions after people.
    """
    group = approval.groups[one.group]
    if one.user_id not in group.members:
        return None
    if not group.identity_center:
        return one.user_id
    return one.session.lower() if one.session else None


def _is_another(
    approval: Approval, one: GivenApproval, author: tuple[str, str | None] | None
) -> bool:
    """Whether an approver is not whoever uploaded the file, by whatever names that one has."""
    if author is None:
        return False
    user_id, session = author
    if not approval.groups[one.group].identity_center:
        return one.user_id != user_id
    if session is None:  # an IAM user or a root, who has no session's name to compare
        return one.user_id != user_id
    return (one.session or "").lower() != session.lower()
