"""Principals that IAM would not find: roles of IAM Identity Center without path, and sessions."""

import pytest

from latchkey.iam.principal import parse_principal

NAME = "AWSReservedSSO_Analysts_0123456789abcdef"
IN_IAM = "arn:aws:iam::444455556666:role"


@pytest.mark.parametrize(
    "path", ["aws-reserved/sso.amazonaws.com/", "aws-reserved/sso.amazonaws.com/eu-west-1/"]
)
def test_role_of_identity_center_with_its_path_is_a_principal(path: str) -> None:
    assert parse_principal(f"{IN_IAM}/{path}{NAME}").account == "444455556666"


@pytest.mark.parametrize(
    "named",
    [
        f"{IN_IAM}/{NAME}",
        f"{IN_IAM}/sso.amazonaws.com/{NAME}",
        f"{IN_IAM}/aws-reserved/{NAME}",
        f"{IN_IAM}/aws-reserved/sso.amazonaws.com/eu-west-1/more/{NAME}",
        f"{IN_IAM}/aws-reserved/sso-amazonaws.com/{NAME}",
        f"arn:aws:sts::444455556666:assumed-role/{NAME}/anna@example.com",
    ],
)
def test_role_of_identity_center_without_its_path_is_told_the_whole_arn(named: str) -> None:
    with pytest.raises(ValueError, match="write") as told:
        parse_principal(named)
    assert f"{IN_IAM}/aws-reserved/sso.amazonaws.com/<region>/{NAME}" in str(told.value)
    assert "us-east-1" in str(told.value)


def test_user_and_other_role_may_be_called_as_they_like() -> None:
    for name in (f"user/{NAME}", "role/AWSReservedSS", f"role/{NAME}/mine"):
        assert parse_principal(f"arn:aws:iam::444455556666:{name}").partition == "aws"


def test_session_is_told_its_role() -> None:
    with pytest.raises(ValueError, match=f"{IN_IAM}/loader "):
        parse_principal("arn:aws:sts::444455556666:assumed-role/loader/i-0abc")
