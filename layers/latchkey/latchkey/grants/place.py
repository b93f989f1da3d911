"""Where a plan is carried out: the account that its role is in, by the role's ARN in its state."""

from collections.abc import Iterator

from latchkey.errors import PlanContradictory
from latchkey.frozen import Frozen
from latchkey.grants.change import (
    CreateRole,
    DeleteSchedule,
    PutRolePermissionsBoundary,
    PutSchedule,
)
from latchkey.grants.plan import GrantPlan
from latchkey.iam.arn import arn_parts

_AWS = "aws"
"""In place of an account in the ARN of a policy that AWS manages."""


class RolePlace(Frozen):
    """The partition and account of a role, and its name there."""

    partition: str
    account: str
    name: str


def place_of(plan: GrantPlan) -> RolePlace:
    """Where the role of a plan that is to be carried out is, or will be.

    Raises
    ------
    PlanContradictory
        When its state names no role, or anything else in it is of another role or account: there
        is no telling then which of them is meant.
    """
    arn = plan.state.role_arn if plan.state else None
    parts = arn_parts(arn or "")
    if parts is None or parts[1:3] != ["iam", ""] or not parts[4].startswith("role/"):
        raise PlanContradictory(f"the plan for {plan.grant} names no role: {arn}")
    place = RolePlace(parts[0], parts[3], parts[4].rpartition("/")[2])
    others = {name for name in _names(plan) if name.lower() != place.name.lower()}
    elsewhere = {one for one in _accounts(plan) if one not in (place.account, _AWS)}
    if others or elsewhere:
        what = ", ".join(sorted(others | elsewhere))
        raise PlanContradictory(f"the plan for {plan.grant} is for {arn}, and for {what}")
    return place


def _names(plan: GrantPlan) -> Iterator[str]:
    """Whatever the plan calls its role; IAM tells no names apart by case."""
    if plan.role:
        yield plan.role
    if plan.desired:
        yield plan.desired.name
    for change in plan.changes:
        if not isinstance(change, PutSchedule | DeleteSchedule):
            yield change.role


def _accounts(plan: GrantPlan) -> Iterator[str]:
    """The accounts of the permissions boundaries: IAM takes none of another account."""
    bounded = (CreateRole, PutRolePermissionsBoundary)
    arns = [change.boundary_arn for change in plan.changes if isinstance(change, bounded)]
    if plan.desired:
        arns += [plan.desired.boundary_arn, *plan.desired.own_boundaries]
    for arn in arns:
        parts = arn_parts(arn)
        yield parts[3] if parts else arn
