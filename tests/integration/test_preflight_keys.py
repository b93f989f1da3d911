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


def _closed_but(**changes: Any) -> str:
    (own,) = OWN_ONLY["Statement"]
    opened = {**own, "Principal": {"AWS": "*"}, **changes}
    return json.dumps({**OWN_ONLY, "Statement": [own, opened]})


@pytest.mark.parametrize("roles", ["partner-acme.main", "partner-acme.*", "*"])
def test_key_that_is_open_to_the_role_by_its_arn_needs_nothing_more(
    stack: StackDriver, roles: str
) -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:role/partners/{roles}"
    policy = _closed_but(Condition={"ArnLike": {"aws:PrincipalArn": arn}})
    MAKE["sqs"](aws, NAME, make_key(Policy=policy))
    stack.granted(access=[entry_for("sqs")])


def test_key_that_lacks_one_action_is_reported_with_that_one(stack: StackDriver) -> None:
    MAKE["sqs"](aws, NAME, make_key(Policy=_closed_but(Action=["kms:Decrypt"])))
    (message,) = rejected(stack, entry_for("sqs")).values()
    assert json.loads(message[message.index("{") :])["Action"] == ["kms:GenerateDataKey"]


def test_key_that_denies_all_but_admins_is_reported_with_what_to_except(
    stack: StackDriver,
) -> None:
    but = {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/admin"}}
    policy = json.loads(_closed_but())
    data = ["kms:Decrypt", "kms:GenerateDataKey*"]
    kept = {"Sid": "AdminsOnly", "Effect": "Deny", "Principal": "*", "Action": data}
    policy["Statement"].append({**kept, "Resource": "*", "Condition": but})
    MAKE["sqs"](aws, NAME, make_key(Policy=json.dumps(policy)))
    (message,) = rejected(stack, entry_for("sqs")).values()
    assert "denies kms:Decrypt, kms:GenerateDataKey" in message and "'AdminsOnly'" in message
    assert f"arn:aws:iam::{ACCOUNT}:role/partners/partner-acme.main excepted" in message
    assert "{" not in message, "no statement that opens anything"


def test_key_whose_policy_denies_latchkeys_look_asks_for_no_allow(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An Allow does not lift a Deny; the words are those of AWS's own message."""
    MAKE["sqs"](aws, NAME, make_key())
    kind = "with an explicit deny in a resource-based policy"
    deny(monkeypatch, "kms", {"GetKeyPolicy"}, f"not authorized to perform: kms:X {kind}")
    (message,) = rejected(stack, entry_for("sqs")).values()
    assert "excepted from it" in message and "{" not in message


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
