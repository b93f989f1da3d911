"""What of a stack's grants is still there: read from AWS, not from the table."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from latchkey.aws.error_codes import translated
from latchkey.aws.grants_by_expiry import LiveGrant
from latchkey.grants.role import STACK_TAG, bounded_by_another
from latchkey_cli.aws.iam_roles import all_roles
from latchkey_cli.aws.stack import Stack

_BOUNDARY = "BoundaryArn"


@dataclass(frozen=True)
class Leftovers:
    """What keeps a stack from being deleted, or would outlive it.

    `grants` are those of all accounts; the rest is of the stack's own, whose IAM is read. `roles`
    carry the stack's tag, `bounded` are other roles and users under one of its permissions
    boundaries, `schedules` are those of grants.
    """

    grants: tuple[str, ...]
    roles: tuple[str, ...]
    bounded: tuple[str, ...]
    schedules: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether anything is left."""
        return bool(self.grants or self.roles or self.bounded or self.schedules)

    def lines(self) -> Iterator[str]:
        """What is left and what to do about it, a line each."""
        for grant in self.grants:
            yield f"grant {grant} is live; `latchkey show {grant.split()[0]}` says why"
        for role in self.roles:
            yield f"role {role} carries the stack's tag; revoke its grant, or delete the role"
        for name in self.bounded:
            yield f"{name} has the stack's permissions boundary; give it another, or delete it"
        for schedule in self.schedules:
            yield f"schedule {schedule} would start a workflow that is gone; delete it"


def leftovers(stack: Stack) -> Leftovers:
    """Everything that is left of a stack's grants.

    A role of a stack of the same name in another region has the same tag, and that one's boundary.
    """
    own = stack.naming.own_boundaries
    boundaries = {value for name, value in stack.outputs.items() if name.endswith(_BOUNDARY)}
    found = list(all_roles(stack))
    roles = {
        role.name
        for role in found
        if role.tags.get(STACK_TAG) == stack.name and not bounded_by_another(role.boundary_arn, own)
    }
    bounded = {
        f"role {role.name}"
        for role in found
        if role.boundary_arn in boundaries and role.name not in roles
    }
    bounded |= {f"user {name}" for name in _users(stack, boundaries)}
    return Leftovers(
        grants=tuple(sorted(map(_placed, stack.live_grants.all()))),
        roles=tuple(sorted(roles)),
        bounded=tuple(sorted(bounded)),
        schedules=tuple(sorted(stack.schedules.names())),
    )


def _placed(grant: LiveGrant) -> str:
    return f"{grant.id} in account {grant.account}" if grant.account else str(grant.id)


def _users(stack: Stack, boundaries: Iterable[str]) -> Iterator[str]:
    """The users under the stack's boundaries: such a policy cannot be deleted."""
    pages = stack.client("iam").get_paginator("list_entities_for_policy")
    for arn in boundaries:
        with translated(f"list what has the boundary {arn}"):
            for page in pages.paginate(
                PolicyArn=arn, EntityFilter="User", PolicyUsageFilter="PermissionsBoundary"
            ):
                yield from (one["UserName"] for one in page["PolicyUsers"])
