"""`latchkey group-id`: the unique ID of exactly the role or user that is meant."""

import json

import pytest

from tests.cli.desk import Desk
from tests.kit.examples import ACCOUNT, OTHER_ACCOUNT
from tests.kit.stack.aws import aws

SSO = "AWSReservedSSO_Audit_0123456789abcdef"
SSO_PATH = "/aws-reserved/sso.amazonaws.com/eu-west-1/"


def _role(name: str, path: str = "/") -> dict[str, str]:
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    made = aws("iam").create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=trust)
    found: dict[str, str] = made["Role"]
    return found


def test_roles_and_users_by_name_and_arn(desk: Desk) -> None:
    role, deep = _role("approver"), _role("deep", "/a/b/")
    user = aws("iam").create_user(UserName="ada")["User"]
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/approver/ada"  # ada is another one there
    for name, expected in (
        ("approver", role["RoleId"]),
        (role["Arn"], role["RoleId"]),
        (session, role["RoleId"]),
        ("deep", deep["RoleId"]),
        (deep["Arn"], deep["RoleId"]),
        ("ada", user["UserId"]),
        (user["Arn"], user["UserId"]),
    ):
        assert desk.ok("group-id", name) == f"{expected}\n", name


def test_a_role_of_identity_center_is_shared_by_people(desk: Desk) -> None:
    role = _role(SSO, SSO_PATH)
    found = desk("group-id", SSO)
    assert found.stdout == f"{role['RoleId']}\n"
    assert '"identity_center": true' in found.stderr


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nobody", "there is no role and no IAM user named nobody"),
        ("arn:aws:iam::123456789012:user/approver", "there is no IAM user named approver"),
        (f"arn:aws:sts::{ACCOUNT}:assumed-role/ada/approver", "there is no role named ada"),
        (f"arn:aws:iam::{ACCOUNT}:role/x/approver", "if you mean that"),
        (f"arn:aws:iam::{OTHER_ACCOUNT}:role/approver", "if you mean that"),
        (f"arn:aws:sts::{OTHER_ACCOUNT}:assumed-role/approver/s", "if you mean that"),
        ("group/approver", "is no name or ARN"),
        ("approver/", "is no name or ARN"),
        (f"arn:aws:iam::{ACCOUNT}:root", "is no name or ARN"),
        ("", "is no name or ARN"),
        ("a" * 65, "is no name or ARN"),
    ],
)
def test_who_is_not_there_has_no_id(desk: Desk, name: str, said: str) -> None:
    _role("approver")
    found = desk("group-id", name)
    assert (found.exit_code != 0, found.stdout) == (True, "")
    assert said in found.stderr


def test_a_name_that_two_have_is_asked_about(desk: Desk) -> None:
    _role("approver")
    aws("iam").create_user(UserName="approver")
    assert "give the ARN" in desk("group-id", "approver").stderr
