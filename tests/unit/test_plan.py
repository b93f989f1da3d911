"""Each single difference gives exactly the change that mends it, and no other."""

from copy import replace
from typing import Any

import pytest

from latchkey.errors import RoleNotOwned
from latchkey.grants.change import (
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
from latchkey.grants.role_changes import plan_removal, plan_role, plan_schedule
from latchkey.grants.sessions import suspended_policy
from tests.kit.examples import BOUNDARY, STACK, desired, observed, policy

ROLE = "partner-acme.main"
OWN = "latchkey-access"
GOOD = desired()
TAGS = dict(GOOD.tags)
ALLOW = policy("s3:*")["Statement"][0]
DENY = policy("s3:*", "Deny")["Statement"][0]

CLOSED = PutRolePolicy(ROLE, OWN, suspended_policy())
OPENED = PutRolePolicy(ROLE, OWN, GOOD.permissions_policy)

DIFFERENCES: list[tuple[str, dict[str, Any], tuple[RoleChange, ...]]] = [
    ("nothing", {}, ()),
    ("boundary gone", {"boundary_arn": None}, (PutRolePermissionsBoundary(ROLE, BOUNDARY),)),
    (
        "other permissions",
        {"permissions_policy": policy("s3:*")},
        (PutRolePolicy(ROLE, OWN, GOOD.permissions_policy),),
    ),
    (
        "no permissions",
        {"permissions_policy": None, "inline_policies": ()},
        (PutRolePolicy(ROLE, OWN, GOOD.permissions_policy),),
    ),
    (
        "other trust",
        {"trust_policy": policy("sts:*")},
        (UpdateAssumeRolePolicy(ROLE, GOOD.trust_policy),),
    ),
    ("description", {"description": "x"}, (UpdateRole(ROLE, GOOD.description, 3600),)),
    ("session", {"max_session_duration": 7200}, (UpdateRole(ROLE, GOOD.description, 3600),)),
    ("wrong tag", {"tags": {**TAGS, "team": "red"}}, (TagRole(ROLE, {"team": "blue"}),)),
    ("tags of others", {"tags": {**TAGS, "z": "", "b": ""}}, ()),
    ("tag of AWS", {"tags": {**TAGS, "aws:cloudformation:stack-id": "1"}}, ()),
    (
        "tag key in another case",
        {"tags": {k: v for k, v in TAGS.items() if k != "team"} | {"Team": "blue"}},
        (UntagRole(ROLE, ("Team",)), TagRole(ROLE, {"team": "blue"})),
    ),
    ("extra policy", {"inline_policies": (OWN, "evil")}, (DeleteRolePolicy(ROLE, "evil"),)),
    (
        "attached policy",
        {"attached_policies": ("arn:p",), "managed": {"arn:p": policy("s3:*")}},
        (DetachRolePolicy(ROLE, "arn:p"),),
    ),
]


@pytest.mark.parametrize(
    ("drift", "expected"), [(d, e) for _, d, e in DIFFERENCES], ids=[n for n, _, _ in DIFFERENCES]
)
def test_each_difference_is_mended_by_one_change(
    drift: dict[str, Any], expected: tuple[RoleChange, ...]
) -> None:
    assert plan_role(GOOD, observed(**drift)) == expected


def test_tags_that_the_config_named_before_go_and_others_stay() -> None:
    found = observed(tags={**TAGS, "z": "", "b": "", "aws:c": ""})
    changes = plan_role(replace(GOOD, former_tags=("b", "y", "z")), found)
    assert changes == (UntagRole(ROLE, ("b", "z")),)


def test_policies_of_others_stay_where_they_are_to_stay_and_lose_what_they_allow() -> None:
    both = {"Version": "2012-10-17", "Statement": [ALLOW, DENY]}
    only = {"Version": "2012-10-17", "Statement": [DENY]}
    found = observed(
        inline_policies=(OWN, "mixed", "kept", "evil"),
        others={"mixed": both, "kept": only, "evil": both},
        attached_policies=("arn:kept", "arn:evil"),
    )
    stays = replace(GOOD, others={"mixed": only, "kept": only}, attached=("arn:kept",))
    assert plan_role(stays, found) == (
        CLOSED,
        DetachRolePolicy(ROLE, "arn:evil"),
        PutRolePolicy(ROLE, "mixed", only),
        DeleteRolePolicy(ROLE, "evil"),
        OPENED,
    )


def test_role_that_is_ours_by_its_unique_id_gets_its_two_tags_back_first() -> None:
    bare = observed(tags={"team": "blue"}, description="by hand")
    ours = replace(GOOD, role_id=bare.role_id)
    own = TagRole(ROLE, {"latchkey:grant": "acme.main", "latchkey:stack": STACK})
    assert plan_role(ours, bare) == (own, UpdateRole(ROLE, GOOD.description, 3600))
    assert plan_removal(bare, STACK, "acme.main", bare.role_id)[0] == own
    other = replace(GOOD, role_id="AROAANOTHER")
    with pytest.raises(RoleNotOwned):
        plan_role(other, bare)
    with pytest.raises(RoleNotOwned):
        plan_removal(bare, STACK, "acme.main", "AROAANOTHER")


def test_permissions_change_before_a_trust_policy_that_widens() -> None:
    nobody = policy("sts:AssumeRole", "Deny")
    changes = plan_role(GOOD, observed(trust_policy=nobody, permissions_policy=policy("s3:*")))
    assert [type(c) for c in changes] == [PutRolePolicy, UpdateAssumeRolePolicy]


def test_trust_policy_that_narrows_changes_before_the_permissions() -> None:
    found = observed(trust_policy=policy("sts:*"), permissions_policy=policy("s3:*"))
    assert plan_role(GOOD, found) == (
        UpdateAssumeRolePolicy(ROLE, GOOD.trust_policy),
        PutRolePolicy(ROLE, OWN, GOOD.permissions_policy),
    )


def test_nothing_is_allowed_while_both_policies_are_replaced_by_others() -> None:
    more = observed(trust_policy=policy("sts:*"), permissions_policy=policy("s3:PutObject"))
    assert [type(c) for c in plan_role(GOOD, more)] == [
        PutRolePolicy,
        UpdateAssumeRolePolicy,
        PutRolePolicy,
    ]
    assert plan_role(GOOD, more)[0] == PutRolePolicy(ROLE, OWN, suspended_policy())


def test_role_that_is_closed_is_closed_before_its_trust_narrows() -> None:
    closed = replace(GOOD, permissions_policy=suspended_policy())
    changes = plan_role(closed, observed(trust_policy=policy("sts:*")))
    assert [type(c) for c in changes] == [PutRolePolicy, UpdateAssumeRolePolicy]


def test_removal_in_order() -> None:
    found = observed(
        inline_policies=("evil", OWN), attached_policies=("arn:p",), instance_profiles=("box",)
    )
    assert plan_removal(found, STACK, "acme.main") == (
        DetachRolePolicy(ROLE, "arn:p"),
        DeleteRolePolicy(ROLE, "evil"),
        DeleteRolePolicy(ROLE, OWN),
        RemoveRoleFromInstanceProfile(ROLE, "box"),
        DeleteRole(ROLE),
    )


FOREIGN: list[dict[str, str]] = [
    {},
    {"latchkey:grant": "acme.main"},
    {"latchkey:stack": STACK},
    {"latchkey:grant": "acme.main", "latchkey:stack": "other"},
    {"latchkey:grant": "acme.second", "latchkey:stack": STACK},
    {"Latchkey:Grant": "acme.main", "Latchkey:Stack": STACK},
]


@pytest.mark.parametrize("tags", FOREIGN, ids=str)
def test_role_without_our_tags_is_refused_with_a_way_out(tags: dict[str, str]) -> None:
    foreign = observed(tags=tags)
    with pytest.raises(RoleNotOwned, match="Rename or delete it"):
        plan_role(GOOD, foreign)
    with pytest.raises(RoleNotOwned, match=foreign.arn):
        plan_removal(foreign, STACK, "acme.main")


SCHEDULES: list[tuple[str | None, str | None, tuple[object, ...]]] = [
    (None, None, ()),
    ("2030-01-01T00:00:00Z", "2030-01-01T00:00:00Z", ()),
    ("2030-01-01T00:00:00Z", None, (PutSchedule("s", "2030-01-01T00:00:00Z"),)),
    (
        "2031-01-01T00:00:00Z",
        "2030-01-01T00:00:00Z",
        (PutSchedule("s", "2031-01-01T00:00:00Z"),),
    ),
    (None, "2030-01-01T00:00:00Z", (DeleteSchedule("s"),)),
]


@pytest.mark.parametrize(("wanted", "found", "changes"), SCHEDULES)
def test_schedule_follows_the_expiry(
    wanted: str | None, found: str | None, changes: tuple[object, ...]
) -> None:
    assert plan_schedule("s", wanted, found) == changes


def test_a_role_of_another_stack_is_left_alone_though_its_tags_are_ours() -> None:
    """Two stacks of one name in two regions: the boundaries tell them apart."""
    own = "arn:aws:iam::123456789012:policy/latchkey-partner-boundary-us-east-1"
    other = own.replace("us-east-1", "eu-west-1")
    desired = replace(GOOD, boundary_arn=own)
    theirs = observed(boundary_arn=other)
    with pytest.raises(RoleNotOwned, match="another stack's"):
        plan_role(desired, theirs)
    assert PutRolePermissionsBoundary(ROLE, own) in plan_role(
        replace(desired, role_id=theirs.role_id), theirs
    )
    assert plan_role(desired, observed(boundary_arn="arn:aws:iam::123456789012:policy/company"))
