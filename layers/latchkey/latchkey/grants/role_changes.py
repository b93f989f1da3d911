"""The one mechanism: the ordered changes that lead from what was observed to what is desired."""

from collections.abc import Collection, Generator, Iterator

from latchkey.errors import RoleNotOwned
from latchkey.grants.change import (
    AttachRolePolicy,
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
from latchkey.grants.repair import denying_boundary, lifts_denials
from latchkey.grants.role import GRANT_TAG, POLICY_NAME, STACK_TAG, DesiredRole, ObservedRole
from latchkey.grants.sessions import narrows, suspended_policy, with_cut_off
from latchkey.iam.canonical import same_policy
from latchkey.iam.permit import denies_all, within
from latchkey.newer_python import replace


def plan_role(desired: DesiredRole, observed: ObservedRole | None) -> tuple[RoleChange, ...]:
    """What makes the role as desired; empty when it is so already.

    What narrows comes first (boundary, foreign policies), then the permissions, then the trust
    policy: a principal that is new to the role never sees permissions that were not meant for it.
    Where the trust narrows it goes before the permissions: whoever is let in no longer never sees
    what is new. Then nothing is allowed in between, if what is allowed changes. Nor is it where a
    denial of somebody else's goes: it ends only once sessions issued before have. Where access
    becomes of another kind, the stack's other boundary comes after the policies: these lie within
    it, so that under the one before they allow no more than they will. An AWS-managed policy that
    is the grant's access comes last, when the dates that bound it are in force.

    Raises
    ------
    RoleNotOwned
        When a role of that name exists that is neither ours by its tags nor by its unique ID.
    """
    if observed is None:
        return _creation(desired)
    own = desired.own_boundaries or (desired.boundary_arn,)
    require_of_stack(observed, own, desired.role_id)
    stack, grant = desired.tags[STACK_TAG], desired.tags[GRANT_TAG]
    owning = tuple(_owning(observed, stack, grant, desired.role_id))
    if owning:
        observed = replace(observed, tags={**observed.tags, **owning[0].tags})
    return (*owning, *_differences(desired, observed))


def plan_removal(
    observed: ObservedRole | None, stack: str, grant: str, role_id: str | None = None
) -> tuple[RoleChange, ...]:
    """What makes the role go away: first its permissions, which ends issued sessions, then it.

    Raises
    ------
    RoleNotOwned
        When a role of that name exists that is neither ours by its tags nor by its unique ID.
    """
    if observed is None:
        return ()
    name = observed.name
    return (
        *_owning(observed, stack, grant, role_id),
        *(DetachRolePolicy(name, arn) for arn in observed.attached_policies),
        *(DeleteRolePolicy(name, policy) for policy in observed.inline_policies),
        *(RemoveRoleFromInstanceProfile(name, item) for item in observed.instance_profiles),
        DeleteRole(name),
    )


def require_of_stack(
    observed: ObservedRole, own_boundaries: Collection[str], role_id: str | None
) -> None:
    """Refuse a role of another stack, also of one with the same name in another region.

    Raises
    ------
    RoleNotOwned
        When its boundary is that stack's, and its unique ID is not the one on record.
    """
    if observed.bounded_elsewhere(own_boundaries) and observed.role_id != role_id:
        raise RoleNotOwned(
            f"the role {observed.arn} is another stack's, by its permissions boundary "
            f"{observed.boundary_arn}; it is left as it is. Role names are the account's: give "
            "each stack a RoleNamePrefix of its own, or choose another `partner` or `grant` name"
        )


def plan_schedule(name: str, desired: str | None, observed: str | None) -> tuple[Change, ...]:
    """What sets the grant's schedule to `desired` (`YYYY-MM-DDTHH:MM:SSZ`), or removes it."""
    if desired == observed:
        return ()
    return (DeleteSchedule(name),) if desired is None else (PutSchedule(name, desired),)


def _owning(
    observed: ObservedRole, stack: str, grant: str, role_id: str | None
) -> Iterator[TagRole]:
    """Our two tags, where somebody took them off a role that is this grant's by its unique ID.

    They come first: IAM lets Latchkey change only what carries them.

    Raises
    ------
    RoleNotOwned
        When the role is not this grant's, with what to do about it.
    """
    if observed.owned_by(stack, grant) and not observed.elsewhere:
        return
    if not observed.belongs_to(stack, grant, role_id):
        raise RoleNotOwned(
            f"the role {observed.arn} exists, but does not carry the tags {GRANT_TAG}={grant} and "
            f"{STACK_TAG}={stack}; it is left as it is. Rename or delete it, or choose another "
            "`role_name`, `partner` or `grant`"
        )
    yield TagRole(observed.name, {GRANT_TAG: grant, STACK_TAG: stack})


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
        *(AttachRolePolicy(desired.name, arn) for arn in desired.managed_access),
    )


def _differences(desired: DesiredRole, observed: ObservedRole) -> Iterator[RoleChange]:
    name = desired.name
    observed = yield from _closed_first(desired, observed)
    found, wanted = observed.boundary_arn, desired.boundary_arn
    of_another_kind = found != wanted and {found, wanted} <= {*desired.own_boundaries}
    if found != wanted and not of_another_kind:
        yield PutRolePermissionsBoundary(name, wanted)
    attached = (arn for arn in observed.attached_policies if arn not in desired.all_attached)
    yield from (DetachRolePolicy(name, arn) for arn in attached)
    yield from _others(desired, observed)
    yield from _policies(desired, observed)
    if of_another_kind:
        yield PutRolePermissionsBoundary(name, wanted)
    missing = (arn for arn in desired.managed_access if arn not in observed.attached_policies)
    yield from (AttachRolePolicy(name, arn) for arn in missing)
    if (observed.description, observed.max_session_duration) != (
        desired.description,
        desired.max_session_duration,
    ):
        yield UpdateRole(name, desired.description, desired.max_session_duration)
    yield from _tag_differences(desired, observed)


def _closed_first(
    desired: DesiredRole, observed: ObservedRole
) -> Generator[RoleChange, None, ObservedRole]:
    """What denies everything before a denial is lifted; answers the role as it is then.

    An unknown boundary may take away what ours does not, and no policy can be written under it.
    """
    name, denying = desired.name, denying_boundary(observed)
    known = (None, desired.boundary_arn, denying, *desired.own_boundaries)
    if observed.boundary_arn not in known:
        yield PutRolePermissionsBoundary(name, denying)
        observed = replace(observed, boundary_arn=denying)
    found, wanted = observed.permissions_policy, desired.permissions_policy
    closed = any(one is not None and denies_all(one) for one in (found, wanted))
    if lifts_denials(desired, observed) and not closed:
        yield PutRolePolicy(name, POLICY_NAME, suspended_policy())
        observed = replace(observed, permissions_policy=suspended_policy())
    return observed


def _others(desired: DesiredRole, observed: ObservedRole) -> Iterator[RoleChange]:
    """Inline policies of somebody else's: what is not to stay goes."""
    for policy in observed.inline_policies:
        if policy == POLICY_NAME:
            continue
        if policy not in desired.others:
            yield DeleteRolePolicy(desired.name, policy)
        elif not same_policy(desired.others[policy], observed.others.get(policy)):
            yield PutRolePolicy(desired.name, policy, desired.others[policy])


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
    """What goes comes first: to IAM, `Team` and `team` are one key. Tags of others stay."""
    named = {key.lower() for key in desired.tags}
    extra = (key for key in observed.tags if key not in desired.tags)
    goes = sorted(key for key in extra if key in desired.former_tags or key.lower() in named)
    if goes:
        yield UntagRole(desired.name, tuple(goes))
    wrong = {key: value for key, value in desired.tags.items() if observed.tags.get(key) != value}
    if wrong:
        yield TagRole(desired.name, wrong)
