"""Changes: frozen data, one AWS call each.

The same list is what a dry run prints, what apply executes and what history records.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from latchkey.frozen import Frozen
from latchkey.iam.document import Document


class CreateRole(Frozen):
    """Create the role with its trust policy, boundary and tags in one call."""

    role: str
    path: str
    description: str
    max_session_duration: int
    boundary_arn: str
    tags: Mapping[str, str]
    trust_policy: Document


class PutRolePolicy(Frozen):
    """Write the role's one inline policy."""

    role: str
    policy: str
    document: Document


class UpdateAssumeRolePolicy(Frozen):
    """Replace the trust policy."""

    role: str
    document: Document


class UpdateRole(Frozen):
    """Set the description and the longest session."""

    role: str
    description: str
    max_session_duration: int


class PutRolePermissionsBoundary(Frozen):
    """Put the permissions boundary back on."""

    role: str
    boundary_arn: str


class TagRole(Frozen):
    """Add or correct tags."""

    role: str
    tags: Mapping[str, str]


class UntagRole(Frozen):
    """Remove tags that the config does not have."""

    role: str
    keys: tuple[str, ...]


class DeleteRolePolicy(Frozen):
    """Remove an inline policy; this reaches sessions already issued."""

    role: str
    policy: str


class DetachRolePolicy(Frozen):
    """Detach a managed policy that somebody attached."""

    role: str
    policy_arn: str


class RemoveRoleFromInstanceProfile(Frozen):
    """Take the role out of an instance profile, which would keep it from being deleted."""

    role: str
    instance_profile: str


class DeleteRole(Frozen):
    """Delete the role, after all policies are off."""

    role: str


class PutSchedule(Frozen):
    """Have the grant looked at again at its expiry. `at` is `YYYY-MM-DDTHH:MM:SSZ`."""

    schedule: str
    at: str


class DeleteSchedule(Frozen):
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
    return {"action": type(change).__name__, **vars(change)}


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
