"""Customer-managed keys of named resources: allowed, or a problem says what prevents it."""

import json
from typing import Any

import pytest

from tests.integration.preflight import (
    FORMS,
    NAME,
    deny,
    entry_for,
    key_statements,
    make_key,
    rejected,
)
from tests.kit.examples import ACCOUNT, OTHER_ACCOUNT
from tests.kit.resources import MAKE
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.driver import StackDriver

# What each service binds a use of the key to, by its documentation.
CONTEXTS: dict[str, dict[str, Any]] = {
    "s3": {"aws:s3:arn": [f"arn:aws:s3:::{NAME}", f"arn:aws:s3:::{NAME}/*"]},
    "secretsmanager": {"SecretARN": "(its ARN ends in six random characters)"},
    "sqs": {"aws:sqs:arn": FORMS["sqs"][3]},
    "sns": {"aws:sns:topicArn": FORMS["sns"][3]},
    "dynamodb": {"aws:dynamodb:tableName": NAME, "aws:dynamodb:subscriberId": ACCOUNT},
    "ssm": {"PARAMETER_ARN": f"{FORMS['ssm'][3]}*"},
    "glue": {"glue_catalog_id": ACCOUNT},
    "kinesis": {"aws:kinesis:arn": FORMS["kinesis"][3]},
}


KEYED = list(CONTEXTS)


@pytest.mark.parametrize("service", KEYED)
def test_customer_managed_key_is_allowed_through_its_service_and_for_its_resource_only(
    stack: StackDriver, service: str
) -> None:
    key = make_key()
    MAKE[service](aws, NAME, key)
    stack.granted(access=[entry_for(service)])
    (statement,) = key_statements(stack)
    conditions = statement["Condition"]["StringEquals"] | statement["Condition"].get(
        "StringLike", {}
    )
    bound = CONTEXTS[service]
    if service == "secretsmanager":
        bound = {"SecretARN": aws(service).describe_secret(SecretId=NAME)["ARN"]}
    assert statement["Resource"] == [key]
    assert conditions == {
        "kms:ViaService": f"{service}.us-east-1.amazonaws.com",
        **{f"kms:EncryptionContext:{name}": value for name, value in bound.items()},
    }


@pytest.mark.parametrize("service", KEYED)
def test_key_of_aws_needs_no_permission(stack: StackDriver, service: str) -> None:
    MAKE[service](aws, NAME, f"alias/aws/{service}")
    stack.granted(access=[entry_for(service)])
    assert key_statements(stack) == []


OWN_ONLY: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/admin"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ],
}


def test_key_whose_policy_leaves_out_iam_is_reported_with_the_statement_that_mends_it(
    stack: StackDriver,
) -> None:
    key = make_key(Policy=json.dumps(OWN_ONLY))
    MAKE["sqs"](aws, NAME, key)
    (message,) = rejected(stack, entry_for("sqs")).values()
    assert "leaves out IAM" in message
    statement = json.loads(message[message.index("{") :])
    mended = {**OWN_ONLY, "Statement": [*OWN_ONLY["Statement"], statement]}
    aws("kms").put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(mended))
    stack.upload(access=[entry_for("sqs")])
    assert stack.run(FILE).outcome == "created"


@pytest.mark.parametrize("denied", ["DescribeKey", "GetKeyPolicy"])
def test_key_that_is_closed_to_latchkey_too_is_reported_with_the_statement_that_opens_it(
    stack: StackDriver, denied: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on AWS, where a policy that leaves out IAM leaves out Latchkey's own role."""
    MAKE["sqs"](aws, NAME, make_key())
    deny(monkeypatch, "kms", {denied})
    (message,) = rejected(stack, entry_for("sqs")).values()
    assert f"kms:{denied}" in json.loads(message[message.index("{") :])["Action"]


def test_key_that_is_open_to_another_service_only_is_reported(stack: StackDriver) -> None:
    (own,) = OWN_ONLY["Statement"]
    via = {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
    for_s3 = {**own, "Principal": {"AWS": "*"}, "Condition": via}
    key = make_key(Policy=json.dumps({**OWN_ONLY, "Statement": [for_s3]}))
    MAKE["sqs"](aws, NAME, key)
    (message,) = rejected(stack, entry_for("sqs")).values()
    assert "leaves out IAM" in message


def test_key_of_another_account_is_reported_with_the_statement_for_its_owner(
    stack: StackDriver,
) -> None:
    key = f"arn:aws:kms:us-east-1:{OTHER_ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
    MAKE["sqs"](aws, NAME, key)
    (message,) = rejected(stack, entry_for("sqs")).values()
    assert "another account's" in message
    statement = json.loads(message[message.index("{") :])
    assert statement["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    assert statement["Action"] == ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]


@pytest.mark.parametrize(
    ("end", "expected"), [("disable_key", "Disabled"), ("schedule_key_deletion", "PendingDeletion")]
)
def test_key_that_cannot_be_used_is_reported(stack: StackDriver, end: str, expected: str) -> None:
    key = make_key()
    MAKE["sns"](aws, NAME, key)
    getattr(aws("kms"), end)(KeyId=key.rpartition("/")[2])
    (message,) = rejected(stack, entry_for("sns")).values()
    assert expected in message


def test_key_that_does_not_exist_is_reported(stack: StackDriver) -> None:
    MAKE["sqs"](aws, NAME, "11111111-2222-3333-4444-555555555555")
    (message,) = rejected(stack, entry_for("sqs")).values()
    assert "does not exist any more" in message
