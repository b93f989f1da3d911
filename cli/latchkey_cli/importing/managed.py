"""A role with an AWS-managed policy that is a kind of access: an entry, under the stack's boundary.

What such a role may do is what the policy and the boundary both allow; so what the boundary has is
needed to tell what is lost, and what would be wider.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from latchkey.iam.document import Document
from latchkey.iam.patterns import covers, overlaps
from latchkey.iam.statement import statements_of
from latchkey.iam.values import listed, texts
from latchkey.services.managed import access_by
from latchkey_cli.importing.limits import Limits
from latchkey_cli.importing.note import Note, some
from latchkey_cli.importing.role import ExistingRole


@dataclass(frozen=True)
class ManagedAccess:
    """The entries for such policies, the role's other policies without what these give, notes."""

    policies: Mapping[str, Document]
    entries: list[dict[str, Any]] = field(default_factory=list)
    notes: tuple[Note, ...] = ()


def managed_access(role: ExistingRole, limits: Limits, seen: Iterable[str]) -> ManagedAccess:
    """What becomes of a role's AWS-managed policies; `seen` are the actions of the boundary."""
    found = {name: access_by(arn) for name, arn in role.attached.items() if name in role.policies}
    mine = {name: access for name, access in sorted(found.items()) if access}
    if not mine:
        return ManagedAccess(role.policies)
    patterns = tuple(one.lower() for one in seen)
    entries = [
        dict(zip(("service", "allow"), access.split(":"), strict=True)) for access in mine.values()
    ]
    given = [
        action.lower()
        for name in mine
        for one in statements_of(role.policies[name])
        for action in one.actions
    ]
    rest = {name: one for name, one in role.policies.items() if name not in mine}
    left = {name: _without(one, given, patterns) for name, one in rest.items()}
    lost = f"{', '.join(mine)}: what of it reads data, or has no room in the permissions boundary"
    notes = (Note("lost", lost, tuple(given)), *_wider(role, limits, patterns))
    return ManagedAccess(left, entries, notes)


def _without(document: Document, given: list[str], patterns: tuple[str, ...]) -> Document:
    """A policy without what the entry gives on everything: what policy and boundary have."""
    return {**document, "Statement": [*_left(document, given, patterns)]}


def _left(document: Document, given: list[str], patterns: tuple[str, ...]) -> Iterator[Any]:
    for one in listed(document.get("Statement")):
        if one.get("Effect") != "Allow" or "Action" not in one:
            yield one
            continue
        actions = [
            action
            for action in texts(one["Action"])
            if not all(
                any(covers(pattern, action.lower()) for pattern in known)
                for known in (given, patterns)
            )
        ]
        if actions:
            yield {**one, "Action": actions}


def _wider(role: ExistingRole, limits: Limits, patterns: tuple[str, ...]) -> Iterator[Note]:
    """What the role denies of what the entry would give."""
    if role.boundary is not None:
        yield Note("wider", "its own permissions boundary, which is replaced by the stack's")
    for rule in (*limits.denials, *limits.sometimes):
        one = rule.statement
        denied = [low for low in map(str.lower, one.actions) if _reaches(low, patterns)]
        if denied or one.not_actions is not None:
            yield Note("wider", f"{rule.label} denies {some(denied) or 'all but some'}")


def _reaches(denied: str, patterns: tuple[str, ...]) -> bool:
    return not patterns or any(overlaps(pattern, denied) for pattern in patterns)
