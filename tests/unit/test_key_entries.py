"""A key in a config: its forms, what its use is, and the boundary that goes with it."""

from typing import Any

import pytest

from latchkey.grants.policies import permissions_policy
from latchkey.grants.role import desired_role
from latchkey.iam.key_policy import KeyUse, lets_iam_decide
from latchkey.services.boundary import of_kind
from tests.kit.examples import (
    ACCOUNT,
    AUDIT_BOUNDARY,
    AWS_ENVIRONMENT,
    BOUNDARY,
    KEY_ARN,
    KMS_BOUNDARY,
    NAMING,
    OTHER_ACCOUNT,
    config,
    policy,
    read,
    resources_of,
    s3_entry,
)
from tests.unit.catalogue_entries import entry_of

KEY = KEY_ARN.rpartition("/")[2]
MULTI_REGION = f"mrk-{'1' * 32}"
HERE = f"arn:aws:kms:us-east-1:{ACCOUNT}"


def _use(key: str) -> dict[str, Any]:
    return entry_of("kms", key=key, allow="use")


@pytest.mark.parametrize(
    "name",
    [
        KEY,
        KEY_ARN,
        MULTI_REGION,
        f"{HERE}:key/{MULTI_REGION}",
        "alias/exports",
        "alias/team/exports_1-a",
        f"{HERE}:alias/exports",
    ],
)
def test_key_is_named_by_id_arn_or_alias(name: str) -> None:
    assert read(access=[_use(name)]).problems == ()


@pytest.mark.parametrize(
    "name",
    [
        "exports",
        "alias/",
        "alias/exp*",
        "key/" + KEY,
        KEY.upper() + "x",
        KEY[:-1],
        f"{HERE}:key/alias/exports",
        f"{HERE}:key/*",
        f"{HERE}:*",
        f"arn:aws:kms:*:{ACCOUNT}:key/{KEY}",
        f"arn:aws:s3:us-east-1:{ACCOUNT}:key/{KEY}",
    ],
)
def test_what_is_no_single_key_is_a_problem_where_it_stands(name: str) -> None:
    (problem,) = read(access=[_use(name)]).problems
    assert problem.path == "/access/0/key"
    assert "not a key" in problem.message


@pytest.mark.parametrize("name", ["alias/aws/s3", f"{HERE}:alias/aws/secretsmanager"])
def test_key_that_aws_manages_is_refused_in_words(name: str) -> None:
    (problem,) = read(access=[_use(name)]).problems
    assert problem.path == "/access/0/key"
    assert "customer managed key" in problem.message


@pytest.mark.parametrize("place", [f"eu-west-1:{ACCOUNT}", f"us-east-1:{OTHER_ACCOUNT}"])
@pytest.mark.parametrize("rest", [f"key/{KEY}", f"key/{MULTI_REGION}", "alias/exports"])
def test_key_of_another_account_or_region_is_a_problem(place: str, rest: str) -> None:
    (problem,) = read(access=[_use(f"arn:aws:kms:{place}:{rest}")]).problems
    assert problem.path == "/access/0/key"
    assert "grant it from a stack there" in problem.message


def test_use_is_what_users_of_a_key_do_with_it_and_no_grants() -> None:
    asked = config(access=[_use(KEY)])
    (statement,) = permissions_policy(asked, resources_of(asked), AWS_ENVIRONMENT)["Statement"]
    assert statement["Resource"] == [KEY_ARN]
    assert statement["Action"] == [
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyPair",
        "kms:GenerateDataKeyPairWithoutPlaintext",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
    ]
    assert "aws:CurrentTime" in statement["Condition"]["DateLessThan"]


def test_custom_statement_has_no_use_of_keys() -> None:
    statement = {"Action": "kms:Encrypt", "Resource": KEY_ARN}
    found = read(access=[{"service": "custom", "statements": [statement]}]).problems
    assert {problem.path for problem in found} == {
        "/access/0/statements/0/Action",
        "/access/0/statements/0/Resource",
    }


@pytest.mark.parametrize(
    ("access", "boundary"),
    [
        ([s3_entry()], BOUNDARY),
        ([_use(KEY)], KMS_BOUNDARY),
        ([s3_entry(), _use("alias/exports")], KMS_BOUNDARY),
    ],
)
def test_role_of_a_key_has_the_boundary_for_keys(access: Any, boundary: str) -> None:
    role = desired_role(config(access=access), NAMING, policy("sts:AssumeRole"), {})
    assert role.boundary_arn == boundary
    assert set(role.own_boundaries) == {AUDIT_BOUNDARY, BOUNDARY, KMS_BOUNDARY}


def test_what_only_the_boundary_for_keys_allows_is_the_use_of_keys() -> None:
    assert of_kind("") < of_kind("kms")
    assert {one.partition(":")[0] for one in of_kind("kms") - of_kind("")} == {"kms"}


def _key_policy(condition: dict[str, Any]) -> dict[str, Any]:
    principal = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    allow = {"Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*"}
    return {"Statement": [{**allow, "Condition": condition}]}


def test_key_that_iam_decides_about_through_a_service_only_is_not_used_by_itself() -> None:
    through = _key_policy({"StringLike": {"kms:ViaService": "*.us-east-1.amazonaws.com"}})
    assert lets_iam_decide(through, KeyUse("s3", ["kms:Decrypt"]), AWS_ENVIRONMENT)
    assert not lets_iam_decide(through, KeyUse("", ["kms:Decrypt"]), AWS_ENVIRONMENT)
    assert lets_iam_decide(_key_policy({}), KeyUse("", ["kms:Decrypt"]), AWS_ENVIRONMENT)
