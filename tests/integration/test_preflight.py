"""What is looked up before anything is changed: keys, owners, sizes."""

import json
from typing import Any

import pytest

from tests.kit.examples import ACCOUNT, OTHER_ACCOUNT, s3_entry, secret_entry
from tests.kit.stack.aws import FILE, aws
from tests.kit.stack.build import ENVIRONMENT, built_stack
from tests.kit.stack.driver import StackDriver


def _key() -> str:
    return str(aws("kms").create_key()["KeyMetadata"]["Arn"])


def _encrypt(bucket: str, algorithm: str, key: str | None) -> None:
    default = {"SSEAlgorithm": algorithm} | ({"KMSMasterKeyID": key} if key else {})
    rules: Any = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
    aws("s3").put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=rules)


def _key_statements(stack: StackDriver) -> list[dict[str, Any]]:
    statements = stack.permissions()["Statement"]
    return [s for s in statements if s["Sid"].endswith("Key")]


@pytest.mark.parametrize("algorithm", ["aws:kms", "aws:kms:dsse"])
def test_customer_key_of_a_bucket_is_allowed_without_being_named(
    stack: StackDriver, algorithm: str
) -> None:
    key = _key()
    _encrypt("data-bucket", algorithm, key)
    stack.granted()
    (statement,) = _key_statements(stack)
    assert statement["Resource"] in (key, [key])


def test_key_named_by_alias_is_resolved_to_the_key(stack: StackDriver) -> None:
    key = _key()
    aws("kms").create_alias(AliasName="alias/data", TargetKeyId=key)
    _encrypt("data-bucket", "aws:kms", "alias/data")
    stack.granted()
    (statement,) = _key_statements(stack)
    assert statement["Resource"] in (key, [key])


@pytest.mark.parametrize(
    ("algorithm", "key"), [("AES256", None), ("aws:kms", None), ("aws:kms", "alias/aws/s3")]
)
def test_keys_of_aws_need_no_permission(
    stack: StackDriver, algorithm: str, key: str | None
) -> None:
    _encrypt("data-bucket", algorithm, key)
    stack.granted()
    assert _key_statements(stack) == []


def test_customer_key_of_a_secret_is_allowed(stack: StackDriver) -> None:
    key = _key()
    aws("secretsmanager").create_secret(Name="own/key", SecretString="value", KmsKeyId=key)
    stack.granted(access=[secret_entry(secret="own/key")])
    (statement,) = _key_statements(stack)
    assert statement["Resource"] in (key, [key])


def test_key_that_is_put_on_later_is_added_by_the_next_check(stack: StackDriver) -> None:
    stack.granted()
    _encrypt("data-bucket", "aws:kms", _key())
    run = stack.run({"action": "check", "partner": "acme"})
    assert run.iam_writes == ["PutRolePolicy"]
    assert len(_key_statements(stack)) == 1


def test_secret_by_its_full_arn(stack: StackDriver) -> None:
    arn = aws("secretsmanager").describe_secret(SecretId="acme/api")["ARN"]
    stack.granted(access=[secret_entry(secret=arn)])
    assert stack.permissions()["Statement"][0]["Resource"] in (arn, [arn])


def test_secret_that_is_being_deleted_is_refused(stack: StackDriver) -> None:
    aws("secretsmanager").delete_secret(SecretId="acme/api", RecoveryWindowInDays=7)
    stack.upload(access=[secret_entry()])
    run = stack.run(FILE)
    assert (run.outcome, run.paths) == ("rejected", ["/access/0/secret"])


def test_secret_of_another_account_is_refused(stack: StackDriver) -> None:
    arn = f"arn:aws:secretsmanager:us-east-1:{OTHER_ACCOUNT}:secret:theirs-AbCdEf"
    stack.upload(access=[secret_entry(secret=arn)])
    run = stack.run(FILE)
    assert run.outcome in ("rejected", "failed")
    assert stack.role() is None


def test_permissions_over_the_quota_say_by_how_much(stack: StackDriver) -> None:
    entries = [s3_entry(prefix=f"{number}/" + "p" * 400) for number in range(20)]
    stack.upload(access=entries)
    run = stack.run(FILE)
    assert (run.outcome, run.paths, run.iam_writes) == ("rejected", ["/access"], [])
    assert "over IAM's 10240" in run.result["problems"][0]["message"]


def test_trust_over_the_quota_says_by_how_much(stack: StackDriver) -> None:
    path = "/".join(["p" * 100] * 3)
    roles = [f"arn:aws:iam::{OTHER_ACCOUNT}:role/{path}/{number}" for number in range(10)]
    stack.upload(principals=roles)
    run = stack.run(FILE)
    assert (run.outcome, run.paths, run.iam_writes) == ("rejected", ["/principals"], [])
    assert "over IAM's 2048" in run.result["problems"][0]["message"]


def test_trust_may_be_as_long_as_the_account_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    roles = [f"arn:aws:iam::{OTHER_ACCOUNT}:role/{'p' * 100}/{'p' * 100}/{n}" for n in range(10)]
    monkeypatch.setitem(ENVIRONMENT, "TRUST_POLICY_LIMIT", "4096")
    with built_stack() as stack:
        stack.upload(principals=roles)
        assert stack.run(FILE).outcome == "created"
        longer = [role.replace("/p", f"/{'q' * 120}/{'q' * 120}/p", 1) for role in roles]
        stack.upload(principals=longer)
        run = stack.run(FILE)
        assert (run.outcome, run.paths) == ("rejected", ["/principals"])
        message = run.result["problems"][0]["message"]
        assert "over IAM's 4096" in message
        assert "docs/runbook.md#quotas" in message


def test_policies_are_written_without_white_space(stack: StackDriver) -> None:
    stack.granted()
    found = aws("iam").get_role_policy(RoleName="partner-acme.main", PolicyName="latchkey-access")
    raw = found["PolicyDocument"]
    assert len(json.dumps(raw, separators=(",", ":"))) < 10_240


def test_first_party_accounts_need_no_external_id(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRST_PARTY_ACCOUNTS", f"{OTHER_ACCOUNT},444455556666")
    stack.granted(external_id=None)
    role = stack.role()
    assert role is not None
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert "StringEquals" not in statement["Condition"]


def test_our_own_account_is_refused(stack: StackDriver) -> None:
    stack.upload(principals=[ACCOUNT])
    assert stack.run(FILE).paths == ["/principals/0"]
