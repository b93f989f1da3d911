"""Changes: frozen data, one AWS call each.

The same list is what a dry run prints, what apply executes and what history records.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from latchkey.frozen import Frozen
from latchkey.iam.document import Document


class _Call(Frozen):
    """Base of changes: as JSON data, each has the API action that it stands for as `action`."""

    TAG: ClassVar = "action"


class CreateRole(_Call):
    """Create the role with its trust policy, boundary and tags in one call."""

    role: str
    path: str
    description: str
    max_session_duration: int
    boundary_arn: str
    tags: Mapping[str, str]
    trust_policy: Document


class PutRolePolicy(_Call):
    """Write the role's one inline policy."""

    role: str
    policy: str
    document: Document  # type: ignore[assignment]  # the call's name for it


class UpdateAssumeRolePolicy(_Call):
    """Replace the trust policy."""

    role: str
    document: Document  # type: ignore[assignment]  # the call's name for it


class UpdateRole(_Call):
    """Set the description and the longest session."""

    role: str
    description: str
    max_session_duration: int


class PutRolePermissionsBoundary(_Call):
    """Put the permissions boundary back on."""

    role: str
    boundary_arn: str


class TagRole(_Call):
    """Add or correct tags."""

    role: str
    tags: Mapping[str, str]


class UntagRole(_Call):
    """Remove tags that the config does not have."""

    role: str
    keys: tuple[str, ...]


class DeleteRolePolicy(_Call):
    """Remove an inline policy; this reaches sessions already issued."""

    role: str
    policy: str


class DetachRolePolicy(_Call):
    """Detach a managed policy that somebody attached."""

    role: str
    policy_arn: str


class AttachRolePolicy(_Call):
    """Attach a managed policy that the grant's access is."""

    role: str
    policy_arn: str


class RemoveRoleFromInstanceProfile(_Call):
    """Take the role out of an instance profile, which would keep it from being deleted."""

    role: str
    instance_profile: str


class DeleteRole(_Call):
    """Delete the role, after all policies are off."""

    role: str


class PutSchedule(_Call):
    """Schedule a check of the grant at its expiry. `at` is `YYYY-MM-DDTHH:MM:SSZ`."""

    schedule: str
    at: str


class DeleteSchedule(_Call):
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
    | AttachRolePolicy
    | RemoveRoleFromInstanceProfile
    | DeleteRole
)
ScheduleChange = PutSchedule | DeleteSchedule
Change = RoleChange | ScheduleChange


def change_document(change: Change) -> dict[str, Any]:
    """A change as JSON data: its fields, and the API action under `action`."""
    return Frozen.document(change)


def together(
    unrecorded: Iterable[dict[str, Any]], done: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Changes as JSON data, those of an earlier attempt first, each of them once."""
    found = {json.dumps(change, sort_keys=True): change for change in (*unrecorded, *done)}
    return list(found.values())
