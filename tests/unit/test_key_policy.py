"""Whether a key's policy leaves it to IAM who may use the key."""

from typing import Any

import pytest

from latchkey.iam.key_policy import KeyUse, lets_iam_decide, statement_to_add
from tests.kit.examples import ACCOUNT, AWS_ENVIRONMENT, OTHER_ACCOUNT

ROOT = f"arn:aws:iam::{ACCOUNT}:root"
NEEDED = ("kms:Decrypt", "kms:GenerateDataKey")
USE = KeyUse("s3", NEEDED)


def _policy(**changes: Any) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": ROOT},
        "Action": "kms:*",
        "Resource": "*",
        **changes,
    }
    return {"Version": "2012-10-17", "Statement": statement}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"Principal": {"AWS": [f"arn:aws:iam::{OTHER_ACCOUNT}:root", ROOT]}},
        {"Principal": {"AWS": ACCOUNT}},
        {"Principal": "*"},
        {"Principal": {"AWS": "*"}, "Condition": {"StringEquals": {"kms:CallerAccount": ACCOUNT}}},
        {"Condition": {"StringLike": {"kms:ViaService": "s3.*.amazonaws.com"}}},
        {
            "Condition": {
                "StringEquals": {
                    "kms:ViaService": ["sqs.us-east-1.amazonaws.com", "s3.us-east-1.amazonaws.com"],
                    "aws:PrincipalAccount": ACCOUNT,
                }
            }
        },
        {"Action": ["kms:Decrypt", "kms:GenerateDataKey*"]},
        {"Action": ["KMS:decrypt", "kms:generate*"]},
    ],
)
def test_policy_for_the_account_lets_iam_decide(changes: dict[str, Any]) -> None:
    assert lets_iam_decide(_policy(**changes), USE, AWS_ENVIRONMENT)


@pytest.mark.parametrize(
    "changes",
    [
        {"Effect": "Deny"},
        {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/admin"}},
        {"Principal": {"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:root"}},
        {"Principal": {"Service": "s3.amazonaws.com"}},
        {"Action": "kms:Decrypt"},
        {"Action": ["kms:Describe*", "kms:List*"]},
        {"Condition": {"StringEquals": {"aws:PrincipalTag/team": "blue"}}},
        {"Condition": {"StringEquals": {"kms:ViaService": "sqs.us-east-1.amazonaws.com"}}},
        {"Condition": {"StringEquals": {"kms:ViaService": "s3.*.amazonaws.com"}}},
        {"Condition": {"StringNotEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}},
        {"Condition": {"StringEquals": {"kms:CallerAccount": OTHER_ACCOUNT}}},
    ],
)
def test_policy_for_others_or_for_less_does_not(changes: dict[str, Any]) -> None:
    assert not lets_iam_decide(_policy(**changes), USE, AWS_ENVIRONMENT)


@pytest.mark.parametrize("document", [None, {}, {"Statement": []}])
def test_policy_without_statements_does_not(document: Any) -> None:
    assert not lets_iam_decide(document, USE, AWS_ENVIRONMENT)


def test_permissions_may_come_from_several_statements() -> None:
    first = _policy(Action="kms:Decrypt")["Statement"]
    second = _policy(Action="kms:GenerateDataKey")["Statement"]
    assert lets_iam_decide({"Statement": [first, second]}, USE, AWS_ENVIRONMENT)
    assert not lets_iam_decide({"Statement": [first]}, USE, AWS_ENVIRONMENT)


def test_statement_to_add_is_enough() -> None:
    policy = {"Version": "2012-10-17", "Statement": [statement_to_add(NEEDED, AWS_ENVIRONMENT)]}
    assert lets_iam_decide(policy, USE, AWS_ENVIRONMENT)
