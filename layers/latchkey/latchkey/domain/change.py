"""Changes: frozen data, one AWS call each.

The same list is what a dry run prints, what apply executes and what history records.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from latchkey.domain.document import Document


@dataclass(frozen=True)
class CreateRole:
    """Create the role with its trust policy, boundary and tags in one call."""

    role: str
    path: str
    description: str
    max_session_duration: int
    boundary_arn: str
    tags: Mapping[str, str]
    trust_policy: Document


@dataclass(frozen=True)
class PutRolePolicy:
    """Write the role's one inline policy."""

    role: str
    policy: str
    document: Document


@dataclass(frozen=True)
class UpdateAssumeRolePolicy:
    """Replace the trust policy."""

    role: str
    document: Document


@dataclass(frozen=True)
class UpdateRole:
    """Set the description and the longest session."""

    role: str
    description: str
    max_session_duration: int


@dataclass(frozen=True)
class PutRolePermissionsBoundary:
    """Put the permissions boundary back on."""

    role: str
    boundary_arn: str


@dataclass(frozen=True)
class TagRole:
    """Add or correct tags."""

    role: str
    tags: Mapping[str, str]


@dataclass(frozen=True)
class UntagRole:
    """Remove tags that the config does not have."""

    role: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class DeleteRolePolicy:
    """Remove an inline policy; this reaches sessions already issued."""

    role: str
    policy: str


@dataclass(frozen=True)
class DetachRolePolicy:
    """Detach a managed policy that somebody attached."""

    role: str
    policy_arn: str


@dataclass(frozen=True)
class RemoveRoleFromInstanceProfile:
    """Take the role out of an instance profile, which would keep it from being deleted."""

    role: str
    instance_profile: str


@dataclass(frozen=True)
class DeleteRole:
    """Delete the role, after all policies are off."""

    role: str


@dataclass(frozen=True)
class PutSchedule:
    """Have the grant looked at again at its expiry. `at` is `YYYY-MM-DDTHH:MM:SSZ`."""

    schedule: str
    at: str


@dataclass(frozen=True)
class DeleteSchedule:
    """Remove the grant's schedule, if it is still there."""

    schedule: str


RoleChange = (
    CreateRole
    | PutRolePolicy
    | UpdateAssumeRolePolicy
    | UpdateRole
    | PutRolePermissionsBoundary
    | TagRole
    | UntagRole
    | DeleteRolePolicy
    | DetachRolePolicy
    | RemoveRoleFromInstanceProfile
    | DeleteRole
)
ScheduleChange = PutSchedule | DeleteSchedule
Change = RoleChange | ScheduleChange

_KINDS: dict[str, type[Change]] = {kind.__name__: kind for kind in Change.__args__}


def change_document(change: Change) -> dict[str, Any]:
    """A change as JSON data: its fields, and the API action under `action`."""
    return {"action": type(change).__name__, **asdict(change)}


def together(
    begun: Iterable[dict[str, Any]], done: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Changes as JSON data, those of an earlier attempt first, each of them once."""
    found = {json.dumps(change, sort_keys=True): change for change in (*begun, *done)}
    return list(found.values())


def change_from_document(document: dict[str, Any]) -> Change:
    """The change in JSON data that `change_document` made."""
    fields = {key: value for key, value in document.items() if key != "action"}
    if "keys" in fields:
        fields["keys"] = tuple(fields["keys"])
    return _KINDS[document["action"]](**fields)
