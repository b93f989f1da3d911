"""For any role and any wish: applying the plan fulfils it, and then there is nothing left to do."""

import json
from copy import replace

from hypothesis import given
from hypothesis import strategies as st

from latchkey.grants.change import (
    CreateRole,
    DeleteRole,
    DeleteRolePolicy,
    DetachRolePolicy,
    PutRolePermissionsBoundary,
    PutRolePolicy,
    change_document,
)
from latchkey.grants.plan import GrantPlan
from latchkey.grants.role import POLICY_NAME, DesiredRole, ObservedRole
from latchkey.grants.role_changes import plan_removal, plan_role
from latchkey.iam.permit import denies_all
from tests.kit.examples import STACK, observed
from tests.kit.fake_iam import FakeIam
from tests.kit.strategies import desired_roles, owned_roles

maybe_a_role = st.one_of(st.none(), owned_roles())


def _iam(role: ObservedRole | None) -> FakeIam:
    return FakeIam(role) if role else FakeIam()


@given(desired_roles(), maybe_a_role)
def test_applying_the_plan_gives_the_desired_role(
    desired: DesiredRole, found: ObservedRole | None
) -> None:
    iam = _iam(found)
    for change in plan_role(desired, found):
        iam.apply(change)
    after = iam.observe(desired.name)
    assert after is not None
    named = {key.lower() for key in desired.tags}
    others = {k: v for k, v in (found.tags if found else {}).items() if k.lower() not in named}
    kept = replace(observed(desired), role_id=after.role_id, arn=after.arn)
    assert replace(after, tags=desired.tags) == replace(kept, tags=desired.tags)
    assert after.tags == {**others, **desired.tags}


@given(desired_roles(), maybe_a_role)
def test_second_plan_is_empty(desired: DesiredRole, found: ObservedRole | None) -> None:
    iam = _iam(found)
    for change in plan_role(desired, found):
        iam.apply(change)
    assert plan_role(desired, iam.observe(desired.name)) == ()
    assert plan_role(desired, iam.reread(desired.name)) == ()


@given(maybe_a_role)
def test_applying_the_removal_leaves_no_role(found: ObservedRole | None) -> None:
    iam = _iam(found)
    for change in plan_removal(found, STACK, "acme.main"):
        iam.apply(change)
    assert iam.roles == {}
    assert plan_removal(None, STACK, "acme.main") == ()


@given(owned_roles())
def test_removal_takes_all_permissions_before_the_role(found: ObservedRole) -> None:
    changes = plan_removal(found, STACK, "acme.main")
    assert [change for change in changes if isinstance(change, DeleteRole)] == [changes[-1]]
    count = len(found.inline_policies) + len(found.attached_policies)
    assert all(isinstance(c, DeleteRolePolicy | DetachRolePolicy) for c in changes[:count])


@given(desired_roles(), owned_roles())
def test_what_narrows_comes_before_the_permissions(
    desired: DesiredRole, found: ObservedRole
) -> None:
    changes = plan_role(desired, found)
    puts = [(n, change) for n, change in enumerate(changes) if isinstance(change, PutRolePolicy)]
    widening = [n for n, change in puts if not denies_all(change.document)]
    narrowing = (PutRolePermissionsBoundary, DetachRolePolicy, DeleteRolePolicy)
    first = widening[0] if widening else len(changes)
    assert not [n for n, c in enumerate(changes) if isinstance(c, narrowing) and n > first]


@given(desired_roles(), maybe_a_role)
def test_plan_names_only_its_own_role_and_policy(
    desired: DesiredRole, found: ObservedRole | None
) -> None:
    changes = plan_role(desired, found)
    assert {change.role for change in changes} <= {desired.name}
    puts = [change for change in changes if isinstance(change, PutRolePolicy)]
    assert {change.policy for change in puts} <= {POLICY_NAME}


@given(desired_roles(), maybe_a_role)
def test_plan_survives_its_way_through_json(
    desired: DesiredRole, found: ObservedRole | None
) -> None:
    changes = plan_role(desired, found) + plan_removal(found, STACK, "acme.main")
    plan = GrantPlan("grant", "updated", "t", "because", changes=changes)
    written = json.loads(json.dumps(plan.document()))
    assert [change_document(change) for change in changes] == written["changes"]
    assert GrantPlan.from_document(written) == plan


@given(desired_roles())
def test_new_role_is_two_changes(desired: DesiredRole) -> None:
    assert [type(change) for change in plan_role(desired, None)] == [CreateRole, PutRolePolicy]
