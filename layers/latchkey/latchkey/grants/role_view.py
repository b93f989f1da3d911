"""What of a role a summary is about, whether it stands in IAM or is yet to be written."""

from latchkey.frozen import Frozen
from latchkey.grants.managed_access import managed_permits
from latchkey.grants.repair import only_denies
from latchkey.grants.role import POLICY_NAME, DesiredRole, ObservedRole
from latchkey.iam.document import Document
from latchkey.iam.permit import Permit, denies_all, permits
from latchkey.services.managed import access_by


class RoleView(Frozen):
    """A role before a plan, or after it. `foreign` are policies that are not Latchkey's, named.

    `denying` are those of them that only deny. `managed_access` are AWS-managed policies that are
    access. `own_boundaries` are those of the stack, the usual
    one first, where they are known.

    It has no tags: those that change stand in the plan's changes.
    """

    trust: Document
    permissions: Document | None
    max_session_duration: int
    boundary_arn: str | None
    description: str
    foreign: tuple[str, ...] = ()
    denying: tuple[str, ...] = ()
    own_boundaries: tuple[str, ...] = ()
    managed_access: tuple[str, ...] = ()

    @property
    def suspended(self) -> bool:
        """Whether its sessions may do nothing at all."""
        return self.permissions is not None and denies_all(self.permissions)

    @property
    def trusted(self) -> list[Permit]:
        """Who may assume it."""
        return permits(self.trust)

    @property
    def permitted(self) -> list[Permit]:
        """What its sessions may do."""
        if self.suspended:
            return []
        return [*managed_permits(self.managed_access, self.permissions), *permits(self.permissions)]


def view(role: DesiredRole | ObservedRole | None) -> RoleView | None:
    """What a summary is about of a role, or None when there is none."""
    if role is None:
        return None
    foreign, denying = _others(role)
    return RoleView(
        role.trust_policy,
        role.permissions_policy,
        role.max_session_duration,
        role.boundary_arn,
        role.description,
        foreign,
        denying,
        role.own_boundaries if isinstance(role, DesiredRole) else (),
        role.managed_access if isinstance(role, DesiredRole) else _access(role),
    )


def _others(role: DesiredRole | ObservedRole) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The policies beside Latchkey's own: those that may allow something, and those that deny."""
    if isinstance(role, DesiredRole):
        stay = (*(_managed(arn) for arn in role.attached), *map(_inline, role.others))
        return (), stay
    foreign = (arn for arn in role.attached_policies if not access_by(arn))
    found = {_managed(arn): role.managed.get(arn) for arn in foreign}
    inline = (name for name in role.inline_policies if name != POLICY_NAME)
    found |= {_inline(name): role.others.get(name) for name in inline}
    denying = tuple(name for name, document in found.items() if only_denies(document))
    return tuple(name for name in found if name not in denying), denying


def _access(role: ObservedRole) -> tuple[str, ...]:
    return tuple(arn for arn in role.attached_policies if access_by(arn))


def _managed(arn: str) -> str:
    return f"managed policy {arn}"


def _inline(name: str) -> str:
    return f"inline policy {name}"
