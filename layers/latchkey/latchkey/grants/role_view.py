"""What of a role a summary is about, whether it stands in IAM or is yet to be written."""

from latchkey.frozen import Frozen
from latchkey.grants.role import POLICY_NAME, DesiredRole, ObservedRole
from latchkey.iam.document import Document
from latchkey.iam.permit import Permit, denies_all, permits


class RoleView(Frozen):
    """A role before a plan, or after it. `foreign` are policies that are not Latchkey's, named.

    It has no tags: those that change stand in the plan's changes.
    """

    trust: Document
    permissions: Document | None
    max_session_duration: int
    boundary_arn: str | None
    description: str
    foreign: tuple[str, ...] = ()

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
        return permits(self.permissions)


def view(role: DesiredRole | ObservedRole | None) -> RoleView | None:
    """What a summary is about of a role, or None when there is none."""
    if role is None:
        return None
    foreign: tuple[str, ...] = ()
    if isinstance(role, ObservedRole):
        inline = (name for name in role.inline_policies if name != POLICY_NAME)
        foreign = (
            *(f"managed policy {arn}" for arn in role.attached_policies),
            *(f"inline policy {name}" for name in inline),
        )
    return RoleView(
        role.trust_policy,
        role.permissions_policy,
        role.max_session_duration,
        role.boundary_arn,
        role.description,
        foreign,
    )
