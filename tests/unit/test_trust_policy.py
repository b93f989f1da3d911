"""Who may assume a partner role."""

from typing import Any

import pytest

from latchkey.grants.policies import trust_policy
from latchkey.grants.sessions import suspended_policy
from latchkey.grants.sizes import policy_size
from latchkey.iam.environment import AwsEnvironment
from tests.kit.examples import ACCOUNT, AWS_ENVIRONMENT, OTHER_ACCOUNT, PARTNER_ACCOUNT, config


def _statement(external_id: str | None = "acme-7f3b2c91", **changes: Any) -> dict[str, Any]:
    document = trust_policy(config(**changes), external_id, AWS_ENVIRONMENT)
    assert document["Version"] == "2012-10-17"
    (statement,) = document["Statement"]
    return dict(statement)


def test_statement_allows_assume_role_and_nothing_else() -> None:
    assert _statement() == {
        "Sid": "Partner",
        "Effect": "Allow",
        "Principal": {"AWS": [f"arn:aws:iam::{PARTNER_ACCOUNT}:root"]},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"sts:ExternalId": "acme-7f3b2c91"},
            "DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"},
        },
    }


CONDITIONS: list[tuple[dict[str, Any], str, dict[str, Any]]] = [
    (
        {"starts_at": "2027-01-01T00:00:00+01:00"},
        "DateGreaterThanEquals",
        {"aws:CurrentTime": "2026-12-31T23:00:00Z"},
    ),
    (
        {"starts_at": "0999-01-01T00:00:00Z"},
        "DateGreaterThanEquals",
        {"aws:CurrentTime": "0999-01-01T00:00:00Z"},
    ),
    ({"source_ips": ["203.0.113.0/24"]}, "IpAddress", {"aws:SourceIp": ["203.0.113.0/24"]}),
    ({"require_mfa": True}, "Bool", {"aws:MultiFactorAuthPresent": "true"}),
    (
        {"organization_id": "o-a1b2c3d4e5"},
        "StringEquals",
        {"sts:ExternalId": "acme-7f3b2c91", "aws:PrincipalOrgID": "o-a1b2c3d4e5"},
    ),
]


@pytest.mark.parametrize(("changes", "operator", "keys"), CONDITIONS)
def test_each_further_condition_stands_beside_the_others(
    changes: dict[str, Any], operator: str, keys: dict[str, Any]
) -> None:
    condition = _statement(**changes)["Condition"]
    assert condition[operator] == keys
    assert condition["StringEquals"]["sts:ExternalId"] == "acme-7f3b2c91"
    assert condition["DateLessThan"]


def test_without_an_external_id_no_empty_condition_is_rendered() -> None:
    assert list(_statement(None)["Condition"]) == ["DateLessThan"]


def test_external_id_is_compared_exactly_also_with_what_looks_like_a_pattern() -> None:
    condition = _statement("a:b/c@d=e+f")["Condition"]
    assert condition["StringEquals"] == {"sts:ExternalId": "a:b/c@d=e+f"}
    assert not {key for key in condition if "IfExists" in key or "Like" in key}


def test_principals_are_exact_sorted_and_named_once() -> None:
    role = f"arn:aws:iam::{OTHER_ACCOUNT}:role/app"
    root = f"arn:aws:iam::{PARTNER_ACCOUNT}:root"
    principals = [root, PARTNER_ACCOUNT, role]
    assert _statement(principals=principals)["Principal"] == {"AWS": [role, root]}


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_account_becomes_the_root_of_the_stacks_partition(partition: str) -> None:
    document = trust_policy(config(), None, AwsEnvironment(partition, "x-1", ACCOUNT))
    principal = document["Statement"][0]["Principal"]
    assert principal == {"AWS": [f"arn:{partition}:iam::{PARTNER_ACCOUNT}:root"]}


def test_suspended_policy_denies_everything_to_everybody() -> None:
    (statement,) = suspended_policy()["Statement"]
    assert (statement["Effect"], statement["Action"], statement["Resource"]) == ("Deny", "*", "*")
    assert "Condition" not in statement


def test_size_is_counted_without_white_space_between_elements() -> None:
    assert policy_size({"a": [1, 2], "b": "x y"}) == len('{"a":[1,2],"b":"x y"}')
