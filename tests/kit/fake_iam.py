"""An IAM in memory, with the manners of the real one that plans depend on.

It and `IamGateway` on moto pass one contract suite (`tests/contract/test_iam_contract.py`).
"""

from copy import replace
from typing import Any, assert_never

from latchkey.errors import PlanStale
from latchkey.grants import change as changes
from latchkey.grants.role import POLICY_NAME, ObservedRole
from tests.kit.examples import ACCOUNT


class FakeIam:
    """Roles by name; `applied` holds all changes in order."""

    def __init__(self, *roles: ObservedRole) -> None:
        self.roles = {role.name: role for role in roles}
        self.applied: list[changes.RoleChange] = []

    def observe(self, name: str, *, whole: bool = False) -> ObservedRole | None:
        """As `IamGateway.observe`."""
        role = self.roles.get(name)
        if role is None or whole:
            return role
        return replace(role, instance_profiles=())

    def reread(self, name: str, *, attached: bool = False) -> ObservedRole | None:
        """As `IamGateway.reread`."""
        role = self.roles.get(name)
        if role is None:
            return None
        shown = role.attached_policies if attached else ()
        return replace(role, inline_policies=(), attached_policies=shown, instance_profiles=())

    def exists(self, name: str) -> bool:
        """As `IamGateway.exists`."""
        return name in self.roles

    def apply(self, change: changes.RoleChange) -> dict[str, Any]:
        """As `IamGateway.apply`."""
        if isinstance(change, changes.CreateRole):
            return self._create(change)
        role = self.roles.get(change.role)
        if role is None:
            raise PlanStale(f"NoSuchEntity: {change.role}")
        if isinstance(change, changes.DeleteRole):
            self._delete(role)
        else:
            self.roles[role.name] = _changed(role, change)
        self.applied.append(change)
        return {}

    def _create(self, change: changes.CreateRole) -> dict[str, Any]:
        if change.role in self.roles:
            raise PlanStale(f"EntityAlreadyExists: {change.role}")
        arn = f"arn:aws:iam::{ACCOUNT}:role{change.path}{change.role}"
        self.roles[change.role] = ObservedRole(
            change.role,
            arn,
            change.path,
            "AROAFAKE",
            change.description,
            change.max_session_duration,
            change.boundary_arn,
            dict(change.tags),
            change.trust_policy,
        )
        self.applied.append(change)
        return {"role_arn": arn, "role_id": "AROAFAKE"}

    def _delete(self, role: ObservedRole) -> None:
        if role.inline_policies or role.attached_policies or role.instance_profiles:
            raise PlanStale(f"DeleteConflict: {role.name}")
        del self.roles[role.name]


def _changed(role: ObservedRole, change: changes.RoleChange) -> ObservedRole:
    match change:
        case changes.PutRolePolicy() | changes.DeleteRolePolicy():
            return _policy_changed(role, change)
        case changes.UpdateAssumeRolePolicy(document=document):
            return replace(role, trust_policy=document)
        case changes.UpdateRole(description=text, max_session_duration=seconds):
            return replace(role, description=text, max_session_duration=seconds)
        case changes.PutRolePermissionsBoundary(boundary_arn=arn):
            return replace(role, boundary_arn=arn)
        case changes.TagRole(tags=tags):
            return replace(role, tags={**role.tags, **tags})
        case changes.UntagRole(keys=keys):
            return replace(role, tags={k: v for k, v in role.tags.items() if k not in keys})
        case changes.DetachRolePolicy(policy_arn=arn) | changes.AttachRolePolicy(policy_arn=arn):
            more = (arn,) if isinstance(change, changes.AttachRolePolicy) else ()
            kept = _without(role.attached_policies, arn)
            return replace(role, attached_policies=(*kept, *more))
        case changes.RemoveRoleFromInstanceProfile(instance_profile=name):
            return replace(role, instance_profiles=_without(role.instance_profiles, name))
        case changes.CreateRole() | changes.DeleteRole():
            raise AssertionError("handled by apply")
        case _:
            assert_never(change)


def _policy_changed(
    role: ObservedRole, change: changes.PutRolePolicy | changes.DeleteRolePolicy
) -> ObservedRole:
    written = change.document if isinstance(change, changes.PutRolePolicy) else None
    names = (
        _without(role.inline_policies, change.policy)
        if written is None
        else tuple(sorted({*role.inline_policies, change.policy}))
    )
    own = written if change.policy == POLICY_NAME else role.permissions_policy
    return replace(role, inline_policies=names, permissions_policy=own)


def _without(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    if name not in names:
        raise PlanStale(f"NoSuchEntity: {name}")
    return tuple(other for other in names if other != name)
