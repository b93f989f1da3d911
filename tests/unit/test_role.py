"""A config's role: its name, its description, its tags."""

from typing import Any

import pytest

from latchkey.grant_id import GrantId
from latchkey.grants.role import DesiredRole, ObservedRole, RoleNaming, desired_role
from latchkey.iam.environment import AwsEnvironment
from tests.kit.examples import ACCOUNT, BOUNDARY, NAMING, STACK, config, policy


def _role(**changes: Any) -> DesiredRole:
    return desired_role(config(**changes), NAMING, policy("sts:AssumeRole"), policy("s3:Get"))


def test_name_is_prefix_partner_and_grant() -> None:
    assert _role(grant="nightly").name == "partner-acme.nightly"


def test_longest_name_fits_into_iam() -> None:
    assert len(_role(partner="a" * 22, grant="b" * 22).name) <= 64


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_arn_has_partition_account_and_path(partition: str) -> None:
    arn = NAMING.role_arn(GrantId("acme", "main"), AwsEnvironment(partition, "x", ACCOUNT))
    assert arn == f"arn:{partition}:iam::{ACCOUNT}:role/partners/partner-acme.main"


def test_role_carries_boundary_and_tags() -> None:
    role = _role(owner="Data, (core)", tags={"cost": "7"})
    assert role.boundary_arn == BOUNDARY
    assert role.tags == {
        "cost": "7",
        "latchkey:grant": "acme.main",
        "latchkey:stack": STACK,
        "latchkey:owner": "Data_ _core_",
    }


@pytest.mark.parametrize(
    ("purpose", "shown"),
    [
        ("Export", "Export (owner: data-platform)"),
        ("Übung ß", "Übung ß (owner: data-platform)"),
        ("日本 – €", "?? ? ? (owner: data-platform)"),
    ],
)
def test_description_is_latin_1(purpose: str, shown: str) -> None:
    assert _role(purpose=purpose).description == shown


def test_role_survives_its_way_through_json() -> None:
    role = _role()
    assert DesiredRole.from_document(role.document()) == role


@pytest.mark.parametrize(
    ("boundary", "other"),
    [
        ("latchkey-partner-boundary-us-east-1", False),  # our own
        ("latchkey-partner-boundary-eu-west-1", True),
        ("latchkey-dev-partner-boundary-us-east-1", True),
        ("latchkey-dev-2-kms-boundary-us-east-1", True),
        ("partner-boundary-us-east-1", False),
        ("company-boundary", False),
        ("my-latchkey-partner-boundary-us-east-1", False),
        (None, False),
    ],
)
def test_a_role_with_the_boundary_of_another_stack_is_that_stacks(
    boundary: str | None, other: bool
) -> None:
    policy = "arn:aws:iam::123456789012:policy/"
    own = f"{policy}latchkey-partner-boundary-us-east-1"
    naming = RoleNaming("latchkey", "/partners/", "partner-", own)
    arn = f"{policy}{boundary}" if boundary else None
    tags = {"latchkey:stack": "latchkey", "latchkey:grant": "acme.main"}
    role = ObservedRole("partner-acme.main", "arn", "/partners/", "A", "", 3600, arn, tags, {})
    assert naming.of_another_stack(role) is other
    assert (naming.grant_of(role) is None) is other
