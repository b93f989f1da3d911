"""The one mechanism: the ordered changes that lead from what was observed to what is desired."""

from collections.abc import Iterator

from latchkey.errors import RoleNotOwned
from latchkey.grants.change import (
    Change,
    CreateRole,
    DeleteRole,
    DeleteRolePolicy,
    DeleteSchedule,
    DetachRolePolicy,
    PutRolePermissionsBoundary,
    PutRolePolicy,
    PutSchedule,
    RemoveRoleFromInstanceProfile,
    RoleChange,
    TagRole,
    UntagRole,
    UpdateAssumeRolePolicy,
    UpdateRole,
)
from latchkey.grants.role import GRANT_TAG, POLICY_NAME, STACK_TAG, DesiredRole, ObservedRole
from latchkey.grants.sessions import narrows, suspended_policy, with_cut_off
from latchkey.iam.canonical import same_policy
from latchkey.iam.permit import denies_all, within


def plan_role(desired: DesiredRole, observed: ObservedRole | None) -> tuple[RoleChange, ...]:
    """What makes the role as desired; empty when it is so already.

    What narrows comes first (boundary, foreign policies), then the permissions, then the trust
    policy: a principal that is new to the role never sees permissions that were not meant for it.
    Where the trust narrows it goes before the permissions: whoever is let in no longer never sees
    what is new. Then nothing is allowed in between, if what is allowed changes.

    Raises
    ------
    RoleNotOwned
        When a role of that name exists without our tags.
    """
    if observed is None:
        return _creation(desired)
    require_owned(observed, desired.tags[STACK_TAG], desired.tags[GRANT_TAG])
    return tuple(_differences(desired, observed))


def plan_removal(observed: ObservedRole | None, stack: str, grant: str) -> tuple[RoleChange, ...]:
    """What makes the role go away: first its permissions, which ends issued sessions, then it.

    Raises
    ------
    RoleNotOwned
        When a role of that name exists without our tags.
    """
    if observed is None:
        return ()
    require_owned(observed, stack, grant)
    name = observed.name
    return (
        *(DetachRolePolicy(name, arn) for arn in observed.attached_policies),
        *(DeleteRolePolicy(name, policy) for policy in observed.inline_policies),
        *(RemoveRoleFromInstanceProfile(name, item) for item in observed.instance_profiles),
        DeleteRole(name),
    )


def plan_schedule(name: str, desired: str | None, observed: str | None) -> tuple[Change, ...]:
    """What sets the grant's schedule to `desired` (`YYYY-MM-DDTHH:MM:SSZ`), or removes it."""
    if desired == observed:
        return ()
    return (DeleteSchedule(name),) if desired is None else (PutSchedule(name, desired),)


def require_owned(observed: ObservedRole, stack: str, grant: str) -> None:
    """Refuse a role that is not this grant's.

    Raises
    ------
    RoleNotOwned
        With what to do about it.
    """
    if not observed.owned_by(stack, grant):
        raise RoleNotOwned(
            f"the role {observed.arn} exists, but does not carry the tags {GRANT_TAG}={grant} and "
            f"{STACK_TAG}={stack}; it is left as it is. Rename or delete it, or choose another "
            "`partner` or `grant` name"
        )


def _creation(desired: DesiredRole) -> tuple[RoleChange, ...]:
    return (
        CreateRole(
            desired.name,
            desired.path,
            desired.description,
            desired.max_session_duration,
            desired.boundary_arn,
            dict(desired.tags),
            desired.trust_policy,
        ),
        PutRolePolicy(desired.name, POLICY_NAME, desired.permissions_policy),
    )


def _differences(desired: DesiredRole, observed: ObservedRole) -> Iterator[RoleChange]:
    name = desired.name
    if observed.boundary_arn != desired.boundary_arn:
        yield PutRolePermissionsBoundary(name, desired.boundary_arn)
    yield from (DetachRolePolicy(name, arn) for arn in observed.attached_policies)
    extra = [policy for policy in observed.inline_policies if policy != POLICY_NAME]
    yield from (DeleteRolePolicy(name, policy) for policy in extra)
    yield from _policies(desired, observed)
    if (observed.description, observed.max_session_duration) != (
        desired.description,
        desired.max_session_duration,
    ):
        yield UpdateRole(name, desired.description, desired.max_session_duration)
    yield from _tag_differences(desired, observed)


def _policies(desired: DesiredRole, observed: ObservedRole) -> Iterator[RoleChange]:
    name, found = desired.name, observed.permissions_policy
    permissions = PutRolePolicy(name, POLICY_NAME, desired.permissions_policy)
    writes = not same_policy(found, desired.permissions_policy)
    trusts = not same_policy(observed.trust_policy, desired.trust_policy)
    closes = denies_all(desired.permissions_policy)
    if closes or not (writes and trusts and narrows(observed.trust_policy, desired.trust_policy)):
        if writes:
            yield permissions
        if trusts:
            yield UpdateAssumeRolePolicy(name, desired.trust_policy)
        return
    if _must_close(desired, observed):
        yield PutRolePolicy(name, POLICY_NAME, suspended_policy())
    yield UpdateAssumeRolePolicy(name, desired.trust_policy)
    yield permissions


def _must_close(desired: DesiredRole, observed: ObservedRole) -> bool:
    """Whether, while both policies are replaced, somebody could do what neither role allows.

    Sessions issued before would see what is added; a new principal, what is taken away.
    """
    if observed.permissions_policy is None:
        return False
    old = with_cut_off(observed.permissions_policy, None)
    new = with_cut_off(desired.permissions_policy, None)
    if denies_all(old) or same_policy(old, new):
        return False
    return not within(new, old) or not within(desired.trust_policy, observed.trust_policy)


def _tag_differences(desired: DesiredRole, observed: ObservedRole) -> Iterator[RoleChange]:
    """What goes comes first: to IAM, `Team` and `team` are one key."""
    extra = observed.tags.keys() - desired.tags.keys()
    removable = tuple(sorted(key for key in extra if not key.startswith("aws:")))
    if removable:
        yield UntagRole(desired.name, removable)
    wrong = {key: value for key, value in desired.tags.items() if observed.tags.get(key) != value}
    if wrong:
        yield TagRole(desired.name, wrong)
