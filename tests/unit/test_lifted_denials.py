"""A denial of somebody else's goes only while nothing is allowed."""

from copy import replace
from typing import Any

import pytest

from latchkey.grants.change import (
    DeleteRolePolicy,
    DetachRolePolicy,
    PutRolePermissionsBoundary,
    PutRolePolicy,
    RoleChange,
)
from latchkey.grants.role_changes import plan_role
from latchkey.grants.sessions import suspended_policy
from tests.kit.examples import BOUNDARY, desired, observed, policy

ROLE = "partner-acme.main"
OWN = "latchkey-access"
GOOD = desired()
DENY_ALL = "arn:aws:iam::aws:policy/AWSDenyAll"
CLOSED = PutRolePolicy(ROLE, OWN, suspended_policy())
OPENED = PutRolePolicy(ROLE, OWN, GOOD.permissions_policy)

LIFTED: dict[str, tuple[dict[str, Any], tuple[RoleChange, ...]]] = {
    "an inline policy that denies": (
        {"inline_policies": (OWN, "deny"), "others": {"deny": policy("*", "Deny")}},
        (CLOSED, DeleteRolePolicy(ROLE, "deny"), OPENED),
    ),
    "an attached policy that denies": (
        {"attached_policies": ("arn:p",), "managed": {"arn:p": policy("*", "Deny")}},
        (CLOSED, DetachRolePolicy(ROLE, "arn:p"), OPENED),
    ),
    "an attached policy that nobody can read": (
        {"attached_policies": ("arn:p",), "managed": {"arn:p": None}},
        (CLOSED, DetachRolePolicy(ROLE, "arn:p"), OPENED),
    ),
    "a boundary that denies everything": (
        {"boundary_arn": DENY_ALL},
        (CLOSED, PutRolePermissionsBoundary(ROLE, BOUNDARY), OPENED),
    ),
    "a boundary that nobody knows": (
        {"boundary_arn": "arn:aws:iam::123456789012:policy/company"},
        (
            PutRolePermissionsBoundary(ROLE, DENY_ALL),
            CLOSED,
            PutRolePermissionsBoundary(ROLE, BOUNDARY),
            OPENED,
        ),
    ),
}


@pytest.mark.parametrize(("found", "changes"), LIFTED.values(), ids=LIFTED)
def test_role_is_closed_before_a_denial_of_others_goes(
    found: dict[str, Any], changes: tuple[RoleChange, ...]
) -> None:
    assert plan_role(GOOD, observed(**found)) == changes
    closed = replace(GOOD, permissions_policy=suspended_policy())
    left = plan_role(closed, observed(**found))
    assert [change for change in left if isinstance(change, PutRolePolicy)] == [CLOSED]
