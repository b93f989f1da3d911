"""What takes away from the Allow statements of a role: Deny statements and its own boundary."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from latchkey.iam.condition import Condition
from latchkey.iam.document import Document
from latchkey.iam.patterns import covers, overlaps
from latchkey.iam.statement import Statement, statements_of
from latchkey_cli.importing.dates import is_a_date_for_everything, moment, written_by_latchkey

_OVER_HTTP = ("bool", "aws:securetransport", ("false",))
_OLD_SESSIONS = ("datelessthan", "aws:tokenissuetime")


@dataclass(frozen=True)
class Rule:
    """A statement that takes away, or one of a boundary; `label` names policy and statement."""

    label: str
    statement: Statement

    def about(self, action: str) -> bool:
        """Whether it is about an action."""
        if self.statement.not_actions is not None:
            return not _matches(self.statement.not_actions, action)
        return _matches(self.statement.actions, action)

    def reaches(self, resource: str) -> bool:
        """Whether it is about any part of what a resource pattern stands for."""
        if self.statement.not_resources is not None:
            return not any(covers(one, resource) for one in self.statement.not_resources)
        return any(overlaps(resource, one) for one in self.statement.resources)

    def covers(self, resource: str) -> bool:
        """Whether it is about all of what a resource pattern stands for."""
        if self.statement.not_resources is not None:
            return not any(overlaps(resource, one) for one in self.statement.not_resources)
        return any(covers(one, resource) for one in self.statement.resources)


@dataclass(frozen=True)
class Limits:
    """What a role may not do, whatever its policies allow.

    `denials` deny without condition, `sometimes` under conditions. `boundary` is what the role's
    own boundary allows without condition, or None if it has none. `none_read` is the boundary's ARN
    if nobody could read it.
    """

    denials: tuple[Rule, ...] = ()
    sometimes: tuple[Rule, ...] = ()
    boundary: tuple[Rule, ...] | None = None

    def allow(self, action: str, resource: str) -> bool:
        """Whether nothing takes an action on any part of a resource away, always or sometimes."""
        return not self.deny(action, resource) and self.bounded(action, resource)

    def deny(self, action: str, resource: str) -> Rule | None:
        """The statement that denies an action on some part of a resource, if one does."""
        return _first(self.denials, action, resource)

    def deny_sometimes(self, action: str, resource: str) -> Rule | None:
        """The statement that does so under conditions, if one does."""
        return _first(self.sometimes, action, resource)

    def bounded(self, action: str, resource: str) -> bool:
        """Whether the boundary, if there is one, allows an action on all of a resource."""
        if self.boundary is None:
            return True
        return any(rule.about(action) and rule.covers(resource) for rule in self.boundary)


@dataclass
class _Found:
    denials: list[Rule] = field(default_factory=list)
    sometimes: list[Rule] = field(default_factory=list)


def limits_of(policies: Mapping[str, Document], boundary: Document | None, now: datetime) -> Limits:
    """The limits in a role's policies, by name, and in its boundary, for sessions from `now` on."""
    found = _Found()
    documents = dict(policies) if boundary is None else {**policies, "its boundary": boundary}
    for rule in _rules(documents):
        conditions = [one for one in rule.statement.conditions if not _of_no_effect(one, now)]
        if rule.statement.effect != "Deny" or is_a_date_for_everything(rule.statement):
            continue
        if not rule.statement.conditions:
            found.denials.append(rule)
        elif conditions:
            found.sometimes.append(rule)
    allowed = None if boundary is None else tuple(_allowed(boundary))
    return Limits(tuple(found.denials), tuple(found.sometimes), allowed)


def _allowed(boundary: Document) -> Iterator[Rule]:
    for rule in _rules({"its boundary": boundary}):
        if rule.statement.effect == "Allow" and all(
            written_by_latchkey(one) for one in rule.statement.conditions
        ):
            yield rule


def _rules(policies: Mapping[str, Document]) -> Iterator[Rule]:
    for name, document in policies.items():
        for index, statement in enumerate(statements_of(document)):
            yield Rule(f"{name}/{statement.sid or index}", statement)


def _of_no_effect(one: Condition, now: datetime) -> bool:
    """Whether a Deny under this condition alone takes nothing from a new role.

    Latchkey asks for HTTPS itself, and a new role has no sessions that were issued earlier.
    """
    about = (one.operator.lower(), one.key.lower())
    if about == _OLD_SESSIONS:
        times = [moment(text) for text in one.values]
        return all(at is not None and at <= now for at in times)
    return (*about, one.values) == _OVER_HTTP


def _first(rules: tuple[Rule, ...], action: str, resource: str) -> Rule | None:
    return next((rule for rule in rules if rule.about(action) and rule.reaches(resource)), None)


def _matches(patterns: tuple[str, ...], action: str) -> bool:
    return any(covers(pattern.lower(), action.lower()) for pattern in patterns)
