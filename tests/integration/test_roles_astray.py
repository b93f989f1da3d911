"""Roles at other paths than a grant's: nothing of Latchkey ends them, so they are reported."""

import pytest

from tests.integration.role_edits import OWN, ROLE, make_anew
from tests.integration.test_drift import CHECK, LATER
from tests.kit.examples import ACCOUNT
from tests.kit.stack.aws import TABLE, aws
from tests.kit.stack.driver import StackDriver

TRUST = '{"Version":"2012-10-17","Statement":[]}'


@pytest.fixture
def granted(stack: StackDriver) -> StackDriver:
    stack.granted()
    return stack


@pytest.mark.parametrize("path", ["/partners/x/", "/partners/x/y/", "/", "/other/"])
@pytest.mark.parametrize("name", ["partner-acme.main", "partner-acme.other", "another"])
def test_role_with_our_tags_at_another_path_is_reported(
    granted: StackDriver, path: str, name: str
) -> None:
    role = granted.role()
    assert role
    if name == ROLE:
        granted.run({**CHECK, "action": "revoke"})
    aws("iam").create_role(
        RoleName=name, Path=path, AssumeRolePolicyDocument=TRUST, Tags=role["Tags"]
    )
    assert granted.invoke("check_drift", {}, LATER)["unowned"] == [name]


def test_role_below_our_path_without_tags_is_reported_and_hides_no_missing_one(
    granted: StackDriver,
) -> None:
    aws("iam").delete_role_policy(**OWN, PolicyName="latchkey-access")
    aws("iam").delete_role(**OWN)
    aws("iam").create_role(**OWN, Path="/partners/x/", AssumeRolePolicyDocument=TRUST)
    found = granted.invoke("check_drift", {}, LATER)
    assert (found["unowned"], found["missing"]) == (["partner-acme.main"], ["acme.main"])


def test_role_of_another_stack_in_its_place_is_not_removed(granted: StackDriver) -> None:
    """A stack of this name in another region has the same tags."""
    theirs = "arn:aws:iam::123456789012:policy/latchkey-partner-boundary-eu-west-1"
    make_anew(aws("iam"))
    aws("iam").put_role_permissions_boundary(**OWN, PermissionsBoundary=theirs)
    run = granted.run({**CHECK, "action": "revoke"})
    assert (type(run.error).__name__, run.iam_writes) == ("NoneType", [])
    assert (run.outcome, granted.grant()["status"]) == ("failed", "failed")
    assert "another stack's" in run.result["reason"]
    assert granted.role()


def test_change_of_another_stacks_role_whose_name_begins_alike_is_told_to_nobody(
    stack: StackDriver,
) -> None:
    """`partner-dev-acme.main` of the stack `dev` could be the grant `dev-acme.main` of this one."""
    name, boundary = "partner-dev-acme.main", "policy/latchkey-dev-partner-boundary-us-east-1"
    tags = {"latchkey:stack": "dev", "latchkey:grant": "acme.main"}
    iam = aws("iam")
    iam.create_role(
        RoleName=name,
        Path="/partners/",
        AssumeRolePolicyDocument=TRUST,
        PermissionsBoundary=f"arn:aws:iam::{ACCOUNT}:{boundary}",
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )
    before = iam.get_role(RoleName=name)["Role"]
    run = stack.run({**CHECK, "partner": "dev-acme", "by": "drift", "reason": "AttachRolePolicy"})
    assert run.steps == ["plan_grant"]
    assert iam.get_role(RoleName=name)["Role"] == before
    items = aws("dynamodb").scan(TableName=TABLE)["Items"]
    assert [item for item in items if item["pk"]["S"].startswith(("GRANT#", "LEASE#"))] == []
