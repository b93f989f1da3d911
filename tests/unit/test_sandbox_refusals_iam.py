"""The sandbox refuses what AWS refuses, with AWS's error: of roles and policies."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from tests.kit.local_aws import PARTNER, ROOT, US, Local, allowing, refusal, trusting


@pytest.fixture
def local() -> Iterator[Local]:
    """An empty AWS."""
    with mock_aws():
        yield Local()


@pytest.mark.parametrize(
    "principal",
    [
        f"arn:aws:iam::{PARTNER}:role/nobody",
        f"arn:aws:iam::{PARTNER}:user/nobody",
        f"arn:aws:iam::{PARTNER}:role/there",  # its path is /app/
        f"arn:aws:iam::{PARTNER}:role/AWSReservedSSO_Ops_0123456789abcdef",  # without its path
        "arn:aws-cn:iam::444455556666:root",
    ],
)
def test_principals_that_do_not_exist_are_refused(local: Local, principal: str) -> None:
    partner = local.client("iam", PARTNER)
    trust = json.dumps(trusting("sts:AssumeRole"))
    sso = "/aws-reserved/sso.amazonaws.com/eu-central-1/"
    for path, name in (("/app/", "there"), (sso, "AWSReservedSSO_Ops_0123456789abcdef")):
        partner.create_role(Path=path, RoleName=name, AssumeRolePolicyDocument=trust)
    iam = local.client("iam")
    document = json.dumps(trusting("sts:AssumeRole", principal=[ROOT, principal]))
    create = {"RoleName": "r", "AssumeRolePolicyDocument": document}
    expected = ("MalformedPolicyDocument", 400, f'Invalid principal in policy: "AWS":"{principal}"')
    assert refusal(lambda: iam.create_role(**create)) == expected
    local.role("r", trusting("sts:AssumeRole"))
    update = {"RoleName": "r", "PolicyDocument": document}
    assert refusal(lambda: iam.update_assume_role_policy(**update)) == expected


def test_principals_that_exist_are_taken(local: Local) -> None:
    partner = local.client("iam", PARTNER)
    trust = json.dumps(trusting("sts:AssumeRole"))
    partner.create_role(Path="/app/", RoleName="there", AssumeRolePolicyDocument=trust)
    partner.create_user(UserName="ada")
    names = [
        PARTNER,
        ROOT,
        f"arn:aws:iam::{PARTNER}:role/app/there",
        f"arn:aws:iam::{PARTNER}:user/ada",
        f"arn:aws:sts::{PARTNER}:assumed-role/there/session",
        "AROAIOSFODNN7EXAMPLE",
    ]
    local.role("r", trusting("sts:AssumeRole", principal=names))
    local.role("star", trusting("sts:AssumeRole", principal="*"))


def test_boundaries_that_do_not_exist_are_refused(local: Local) -> None:
    iam = local.client("iam")
    trust = json.dumps(trusting("sts:AssumeRole"))
    arn = f"arn:aws:iam::{US}:policy/none"
    expected = ("NoSuchEntity", 404, f"Scope ARN: {arn} does not exist or is not attachable.")
    create = {"RoleName": "r", "AssumeRolePolicyDocument": trust, "PermissionsBoundary": arn}
    assert refusal(lambda: iam.create_role(**create)) == expected
    local.role("r", trusting("sts:AssumeRole"))
    put = {"RoleName": "r", "PermissionsBoundary": arn}
    assert refusal(lambda: iam.put_role_permissions_boundary(**put)) == expected
    reads = allowing({"Action": "s3:GetObject", "Resource": "*"})
    iam.create_policy(PolicyName="none", PolicyDocument=reads)
    iam.put_role_permissions_boundary(**put)


def test_sessions_are_of_one_to_twelve_hours(local: Local) -> None:
    iam = local.client("iam")
    trust = json.dumps(trusting("sts:AssumeRole"))
    create = {"RoleName": "r", "AssumeRolePolicyDocument": trust}
    code, status, message = refusal(lambda: iam.create_role(**create, MaxSessionDuration=43_201))
    assert (code, status) == ("ValidationError", 400)
    assert message.endswith("Member must have value less than or equal to 43200")
    iam.create_role(**create, MaxSessionDuration=43_200)
    longer = {"RoleName": "r", "MaxSessionDuration": 43_201}
    assert refusal(lambda: iam.update_role(**longer))[0] == "ValidationError"


def _long(count: int) -> dict[str, Any]:
    return {"Action": "s3:GetObject", "Resource": f"arn:aws:s3:::b/{'x' * count}"}


def _filled(size: int) -> str:
    """A policy of so many characters, and white space that does not count."""
    bare = json.dumps(json.loads(allowing(_long(0))), separators=(",", ":"))
    return json.dumps(json.loads(allowing(_long(size - len(bare)))), indent=2)


def test_trust_policies_have_at_most_2048_characters(local: Local) -> None:
    def sized(size: int) -> str:
        condition = {"StringEquals": {"sts:ExternalId": "x" * size}}
        return json.dumps(trusting("sts:AssumeRole", Condition=condition), indent=1)

    free = 2048 - len("".join(sized(0).split()))
    iam = local.client("iam")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=sized(free))
    expected = ("LimitExceeded", 409, "Cannot exceed quota for ACLSizePerRole: 2048")
    too_long = sized(free + 1)
    create = {"RoleName": "s", "AssumeRolePolicyDocument": too_long}
    assert refusal(lambda: iam.create_role(**create)) == expected
    update = {"RoleName": "r", "PolicyDocument": too_long}
    assert refusal(lambda: iam.update_assume_role_policy(**update)) == expected


def test_inline_policies_have_at_most_10240_characters_together(local: Local) -> None:
    iam = local.client("iam")
    local.role("r", trusting("sts:AssumeRole"))
    iam.put_role_policy(RoleName="r", PolicyName="a", PolicyDocument=_filled(10_000))
    iam.put_role_policy(RoleName="r", PolicyName="a", PolicyDocument=_filled(10_100))
    iam.put_role_policy(RoleName="r", PolicyName="b", PolicyDocument=_filled(140))
    more = {"RoleName": "r", "PolicyName": "b", "PolicyDocument": _filled(141)}
    text = "Maximum policy size of 10240 bytes exceeded for role r"
    assert refusal(lambda: iam.put_role_policy(**more)) == ("LimitExceeded", 409, text)


def test_managed_policies_have_at_most_6144_characters(local: Local) -> None:
    iam = local.client("iam")
    arn = iam.create_policy(PolicyName="a", PolicyDocument=_filled(6144))["Policy"]["Arn"]
    expected = ("LimitExceeded", 409, "Cannot exceed quota for PolicySize: 6144")
    create = {"PolicyName": "b", "PolicyDocument": _filled(6145)}
    assert refusal(lambda: iam.create_policy(**create)) == expected
    version = {"PolicyArn": arn, "PolicyDocument": _filled(6145)}
    assert refusal(lambda: iam.create_policy_version(**version)) == expected
