"""A role's permissions boundary goes by its kind of access, and is changed without a gap."""

from copy import replace
from typing import Any

import pytest

from latchkey.grants.change import Change, PutRolePermissionsBoundary, PutRolePolicy
from latchkey.grants.drift import boundary_part, drift, written_parts
from latchkey.grants.repair import Written, lifts_denials, repaired
from latchkey.grants.role import DesiredRole, ObservedRole, RoleNaming, closed_role
from latchkey.grants.role_changes import plan_role
from latchkey.grants.role_view import view
from latchkey.grants.sessions import suspended_policy
from latchkey.reports.summary.role_lines import role_lines
from latchkey.services.boundary import USUAL, kinds, kinds_of
from tests.kit.examples import BOUNDARY, KMS_BOUNDARY, NAMING, desired, observed, policy
from tests.kit.fake_iam import FakeIam

OWN = NAMING.own_boundaries
DENY_ALL = "arn:aws:iam::aws:policy/AWSDenyAll"
USUAL_ROLE = desired(own_boundaries=OWN)
KEY_ROLE = desired(
    own_boundaries=OWN, boundary_arn=KMS_BOUNDARY, permissions_policy=policy("kms:Decrypt")
)


def test_kind_goes_by_the_services_of_the_entries() -> None:
    assert kinds_of(["s3", "sqs", "custom"]) == (USUAL,)
    for kind in kinds():
        assert kinds_of(["s3", kind, "custom"]) == (kind,)


def test_boundary_of_a_kind_is_never_another_one() -> None:
    naming = RoleNaming("latchkey", "/partners/", "partner-", BOUNDARY)
    assert naming.boundary_of(USUAL) == BOUNDARY
    assert NAMING.boundary_of("kms") == KMS_BOUNDARY
    with pytest.raises(KeyError):
        naming.boundary_of("kms")


@pytest.mark.parametrize("own", OWN)
def test_role_under_any_boundary_of_the_stack_is_the_stacks(own: str) -> None:
    elsewhere = "arn:aws:iam::123456789012:policy/latchkey-dev-kms-boundary-us-east-1"
    assert not NAMING.of_another_stack(observed(boundary_arn=own))
    assert NAMING.of_another_stack(observed(boundary_arn=elsewhere))
    assert plan_role(KEY_ROLE, observed(KEY_ROLE, boundary_arn=own)) is not None


@pytest.mark.parametrize(
    ("old", "new"), [(USUAL_ROLE, KEY_ROLE), (KEY_ROLE, USUAL_ROLE)], ids=["gains", "loses"]
)
def test_policy_comes_before_the_boundary_of_another_kind(
    old: DesiredRole, new: DesiredRole
) -> None:
    """What a policy allows lies within its own boundary: another one can only take away from it."""
    assert plan_role(new, observed(old)) == (
        PutRolePolicy(new.name, "latchkey-access", new.permissions_policy),
        PutRolePermissionsBoundary(new.name, new.boundary_arn),
    )
    assert not lifts_denials(new, observed(old))


def test_foreign_policies_go_before_the_boundary_of_another_kind() -> None:
    found = observed(USUAL_ROLE, attached_policies=("arn:aws:iam::aws:policy/PowerUserAccess",))
    changes = plan_role(KEY_ROLE, found)
    assert isinstance(changes[-1], PutRolePermissionsBoundary)
    assert len(changes) == 4  # closed, since what is taken off may have denied something


@pytest.mark.parametrize("wanted", [USUAL_ROLE, KEY_ROLE])
def test_boundary_that_denies_everything_comes_first(wanted: DesiredRole) -> None:
    for own in OWN:
        closing = replace(wanted, boundary_arn=DENY_ALL)
        found = observed(replace(wanted, boundary_arn=own))
        assert plan_role(closing, found)[0] == PutRolePermissionsBoundary(wanted.name, DENY_ALL)


def _repaired(wanted: DesiredRole, found: ObservedRole, *parts: str) -> str:
    written = Written((*written_parts(wanted), *parts))
    return repaired(wanted, found, written).boundary_arn


@pytest.mark.parametrize(
    ("wanted", "other"), [(USUAL_ROLE, KMS_BOUNDARY), (KEY_ROLE, BOUNDARY)], ids=["usual", "kms"]
)
def test_boundary_of_another_kind_put_on_by_hand_is_like_any_other(
    wanted: DesiredRole, other: str
) -> None:
    found = observed(wanted, boundary_arn=other)
    assert _repaired(wanted, found) == DENY_ALL
    assert drift(wanted, found) == (f"the permissions boundary had been replaced by {other}",)


@pytest.mark.parametrize(
    ("wanted", "other"), [(USUAL_ROLE, KMS_BOUNDARY), (KEY_ROLE, BOUNDARY)], ids=["usual", "kms"]
)
def test_boundary_that_a_run_did_not_live_to_replace_is_replaced(
    wanted: DesiredRole, other: str
) -> None:
    found = observed(wanted, boundary_arn=other)
    assert _repaired(wanted, found, boundary_part(other)) == wanted.boundary_arn
    assert repaired(wanted, found, Written()).boundary_arn == wanted.boundary_arn


def test_right_boundary_is_no_drift_and_a_missing_one_is_put_back() -> None:
    assert not drift(KEY_ROLE, observed(KEY_ROLE))
    assert not plan_role(KEY_ROLE, observed(KEY_ROLE))
    bare = observed(KEY_ROLE, boundary_arn=None)
    assert _repaired(KEY_ROLE, bare) == KMS_BOUNDARY
    assert plan_role(KEY_ROLE, bare) == (PutRolePermissionsBoundary(KEY_ROLE.name, KMS_BOUNDARY),)


@pytest.mark.parametrize(
    ("found", "left"), [(BOUNDARY, BOUNDARY), (KMS_BOUNDARY, KMS_BOUNDARY), (None, BOUNDARY)]
)
def test_role_that_is_closed_keeps_the_boundary_of_its_kind(found: str | None, left: str) -> None:
    role = observed(boundary_arn=found)
    grant = NAMING.grant_named(role.name)
    assert grant
    assert closed_role(role, NAMING, grant, suspended_policy()).boundary_arn == left


def test_role_is_made_with_its_boundary_at_once() -> None:
    iam = FakeIam()
    for change in plan_role(KEY_ROLE, None):
        iam.apply(change)
    assert iam.roles[KEY_ROLE.name].boundary_arn == KMS_BOUNDARY


@pytest.mark.parametrize(
    ("old", "new", "effect"), [(USUAL_ROLE, KEY_ROLE, "widens"), (KEY_ROLE, USUAL_ROLE, "narrows")]
)
def test_summary_says_which_boundary_is_put_on(
    old: DesiredRole, new: DesiredRole, effect: str
) -> None:
    before, after = view(observed(old)), view(new)
    assert before
    assert after
    lines: list[Any] = [one for one in role_lines(before, after) if "boundary" in one.text]
    assert [(one.effect, new.boundary_arn in one.text) for one in lines] == [(effect, True)]


def _boundaries(changes: tuple[Change, ...]) -> list[str]:
    return [one.boundary_arn for one in changes if isinstance(one, PutRolePermissionsBoundary)]


def test_foreign_boundary_is_closed_before_either_of_the_stacks_own() -> None:
    company = "arn:aws:iam::123456789012:policy/company"
    for wanted in (USUAL_ROLE, KEY_ROLE):
        changes = plan_role(wanted, observed(wanted, boundary_arn=company))
        assert _boundaries(changes) == [DENY_ALL, wanted.boundary_arn]
