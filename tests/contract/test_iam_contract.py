"""The fake IAM of the unit tests and the gateway to the real one behave alike, on moto."""

import json
from collections.abc import Iterator
from copy import replace
from typing import Any, Protocol

import boto3
import pytest
from moto import mock_aws

from latchkey.aws.iam import IamGateway
from latchkey.errors import PlanStale
from latchkey.grants import change as changes
from latchkey.grants.policies import trust_policy
from latchkey.grants.role import DesiredRole, ObservedRole
from latchkey.grants.role_changes import plan_removal, plan_role
from tests.kit.examples import AWS_ENVIRONMENT, BOUNDARY, STACK, config, desired, policy
from tests.kit.fake_iam import FakeIam

ROLE = desired(trust_policy={"Version": "2012-10-17", "Statement": []})
NAME = ROLE.name
TRUST = trust_policy(config(), "acme-7f3b2c91", AWS_ENVIRONMENT)
EXTRA = policy("sqs:SendMessage")


class Iam(Protocol):
    """What use cases know of IAM."""

    def observe(self, name: str, *, whole: bool = False) -> ObservedRole | None: ...
    def reread(self, name: str) -> ObservedRole | None: ...
    def exists(self, name: str) -> bool: ...
    def apply(self, change: changes.RoleChange) -> dict[str, Any]: ...


@pytest.fixture(params=["fake", "moto"])
def iam(request: pytest.FixtureRequest) -> Iterator[Iam]:
    """One and the other."""
    if request.param == "fake":
        yield FakeIam()
        return
    with mock_aws():
        client = boto3.client("iam", region_name="us-east-1")
        document = json.dumps(policy("s3:GetObject"))
        client.create_policy(PolicyName=BOUNDARY.rsplit("/", 1)[-1], PolicyDocument=document)
        yield IamGateway(client)


def _make(iam: Iam, role: DesiredRole = ROLE) -> ObservedRole:
    for change in plan_role(role, None):
        iam.apply(change)
    found = iam.observe(role.name)
    assert found is not None
    return found


def test_what_was_created_is_observed(iam: Iam) -> None:
    found = _make(iam)
    assert (found.name, found.path, found.arn) == (
        NAME,
        ROLE.path,
        "arn:aws:iam::123456789012:role/partners/partner-acme.main",
    )
    assert found.boundary_arn == BOUNDARY
    assert found.tags == ROLE.tags
    assert found.trust_policy == ROLE.trust_policy
    assert found.permissions_policy == ROLE.permissions_policy
    assert (found.description, found.max_session_duration) == (ROLE.description, 3600)
    assert found.inline_policies == ("latchkey-access",)
    assert found.attached_policies == found.instance_profiles == ()


def test_second_plan_is_empty_by_both_ways_of_reading(iam: Iam) -> None:
    _make(iam)
    assert plan_role(ROLE, iam.observe(NAME)) == ()
    assert plan_role(ROLE, iam.reread(NAME)) == ()


def test_answer_of_creation_names_the_role(iam: Iam) -> None:
    create, _ = plan_role(ROLE, None)
    answer = iam.apply(create)
    assert answer["role_arn"].endswith(":role/partners/partner-acme.main")
    assert answer["role_id"].startswith("AROA")


def test_role_that_is_not_there_is_none(iam: Iam) -> None:
    assert iam.observe(NAME) is None
    assert iam.observe(NAME, whole=True) is None
    assert iam.reread(NAME) is None
    assert iam.exists(NAME) is False


def test_role_without_its_policy_is_not_as_written(iam: Iam) -> None:
    iam.apply(plan_role(ROLE, None)[0])
    assert iam.exists(NAME)
    found = iam.observe(NAME)
    assert found is not None
    assert (found.inline_policies, found.permissions_policy) == ((), None)
    again = iam.reread(NAME)
    assert again is not None
    assert again.permissions_policy is None


CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("description", {"description": "other"}),
    ("session", {"max_session_duration": 7200}),
    ("trust", {"trust_policy": TRUST}),
    ("permissions", {"permissions_policy": EXTRA}),
    ("boundary", {"boundary_arn": "arn:aws:iam::123456789012:policy/other"}),
    ("more tags", {"tags": {**ROLE.tags, "more": "1"}}),
    ("fewer tags", {"tags": {k: v for k, v in ROLE.tags.items() if k != "team"}}),
]


@pytest.mark.parametrize("change", [c for _, c in CHANGES], ids=[name for name, _ in CHANGES])
def test_each_change_is_observed_and_changes_nothing_else(iam: Iam, change: dict[str, Any]) -> None:
    before = _make(iam)
    if isinstance(iam, IamGateway) and "boundary_arn" in change:
        boto3.client("iam", region_name="us-east-1").create_policy(
            PolicyName="other", PolicyDocument=json.dumps(EXTRA)
        )
    fewer = before.tags.keys() - change.get("tags", before.tags).keys()
    for step in plan_role(replace(ROLE, former_tags=tuple(fewer), **change), before):
        iam.apply(step)
    assert iam.observe(NAME) == replace(before, **change)


def test_extra_inline_policy_is_observed_and_removed(iam: Iam) -> None:
    before = _make(iam)
    iam.apply(changes.PutRolePolicy(NAME, "extra", EXTRA))
    found = iam.observe(NAME)
    assert found is not None
    assert set(found.inline_policies) == {"extra", "latchkey-access"}
    assert found.permissions_policy == ROLE.permissions_policy
    iam.apply(changes.DeleteRolePolicy(NAME, "extra"))
    assert iam.observe(NAME) == before


def test_removal_leaves_nothing(iam: Iam) -> None:
    _make(iam)
    for change in plan_removal(iam.observe(NAME, whole=True), STACK, "acme.main"):
        iam.apply(change)
    assert iam.exists(NAME) is False


STALE: list[tuple[str, bool, changes.RoleChange]] = [
    ("role is there", True, plan_role(ROLE, None)[0]),
    ("role has policies", True, changes.DeleteRole(NAME)),
    ("policy is gone", True, changes.DeleteRolePolicy(NAME, "other")),
    ("attachment is gone", True, changes.DetachRolePolicy(NAME, "arn:aws:iam::aws:policy/X")),
    ("no role to delete", False, changes.DeleteRole(NAME)),
    ("no role to write to", False, changes.PutRolePolicy(NAME, "latchkey-access", EXTRA)),
    ("no role to trust", False, changes.UpdateAssumeRolePolicy(NAME, ROLE.trust_policy)),
    ("no role to describe", False, changes.UpdateRole(NAME, "text", 3600)),
    ("no role to tag", False, changes.TagRole(NAME, {"a": "b"})),
    ("no role to untag", False, changes.UntagRole(NAME, ("a",))),
]


@pytest.mark.parametrize(
    ("there", "change"), [(t, c) for _, t, c in STALE], ids=[name for name, _, _ in STALE]
)
def test_change_that_does_not_fit_what_is_there_makes_the_plan_stale(
    iam: Iam, there: bool, change: changes.RoleChange
) -> None:
    if there:
        _make(iam)
    with pytest.raises(PlanStale):
        iam.apply(change)
