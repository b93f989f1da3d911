"""What a partner's session may do: exactly what the config says, for as long as it says."""

from collections.abc import Sequence
from typing import Any

import pytest

from latchkey.aws.partitions import aws_environment
from latchkey.grants.policies import permissions_policy
from latchkey.iam.environment import AwsEnvironment
from latchkey.services.allowance import Allowance
from latchkey.services.resource_info import ResourceInfo
from latchkey.services.s3.entry import S3Access
from tests.kit.examples import (
    ACCOUNT,
    AWS_ENVIRONMENT,
    BUCKET_INFO,
    KEY_ARN,
    SECRET_ARN,
    config,
    s3_entry,
    secret_entry,
)

BUCKET = "arn:aws:s3:::data-bucket"
OWNED = {"aws:ResourceAccount": ACCOUNT}
EXPIRY = {"aws:CurrentTime": "2030-01-01T00:00:00Z"}


def _statements(
    *entries: dict[str, Any],
    key: str | None = None,
    environment: AwsEnvironment = AWS_ENVIRONMENT,
    **changes: Any,
) -> dict[str, dict[str, Any]]:
    of = {"s3": BUCKET_INFO.arn, "secretsmanager": SECRET_ARN}
    keys = (key,) if key else ()
    resources = [(ResourceInfo(of[entry["service"]], keys),) for entry in entries]
    document = permissions_policy(config(access=list(entries), **changes), resources, environment)
    statements: list[dict[str, Any]] = document["Statement"]
    found = {statement["Sid"]: statement for statement in statements}
    assert len(found) == len(statements), "statement IDs are unique within a policy"
    return found


OBJECTS: list[tuple[str, list[str]]] = [
    ("read", ["s3:GetObject"]),
    ("write", ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"]),
    (
        "read-write",
        [
            "s3:AbortMultipartUpload",
            "s3:DeleteObject",
            "s3:GetObject",
            "s3:ListMultipartUploadParts",
            "s3:PutObject",
        ],
    ),
]


@pytest.mark.parametrize(("allow", "actions"), OBJECTS)
@pytest.mark.parametrize("prefix", [None, "in", "in/", "a/b c"])
def test_objects_are_those_of_the_folder_only(
    allow: str, actions: list[str], prefix: str | None
) -> None:
    found = _statements(s3_entry(allow=allow, prefix=prefix))["Access0Objects"]
    assert sorted(found["Action"]) == actions
    folder = "" if prefix is None else prefix.rstrip("/") + "/"
    assert found["Resource"] == [f"{BUCKET}/{folder}*"]


def test_folder_in_never_reaches_inbox() -> None:
    for statement in _statements(s3_entry(prefix="in"), key=KEY_ARN).values():
        text = str(statement)
        assert "/in*" not in text
        assert "'in*'" not in text
        assert "'in'" not in text


def test_drop_box_can_neither_read_nor_list_nor_delete() -> None:
    found = _statements(s3_entry(allow="write"))
    assert list(found) == ["Access0Objects", "Access0Location"]
    assert found["Access0Location"]["Action"] == ["s3:GetBucketLocation"]
    assert not {"s3:GetObject", "s3:DeleteObject"} & set(found["Access0Objects"]["Action"])


@pytest.mark.parametrize("allow", ["read", "read-write"])
def test_listing_is_bound_to_the_folder_and_the_location_is_not(allow: str) -> None:
    found = _statements(s3_entry(allow=allow, prefix="in"))
    assert found["Access0List"]["Action"] == ["s3:ListBucket"]
    assert found["Access0List"]["Resource"] == [BUCKET]
    assert found["Access0List"]["Condition"]["StringLike"] == {"s3:prefix": "in/*"}
    assert found["Access0Location"]["Action"] == ["s3:GetBucketLocation"]
    assert "StringLike" not in found["Access0Location"]["Condition"]


def test_listing_of_a_whole_bucket_has_no_prefix_condition() -> None:
    assert "StringLike" not in _statements(s3_entry())["Access0List"]["Condition"]


def test_secret_is_named_by_its_full_arn_only() -> None:
    found = _statements(secret_entry())
    assert list(found) == ["Access0Secret"]
    assert found["Access0Secret"]["Resource"] == [SECRET_ARN]
    actions = {"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"}
    assert set(found["Access0Secret"]["Action"]) == actions


KEYS: list[tuple[dict[str, Any], set[str], str, dict[str, Any]]] = [
    (
        s3_entry(allow="read", prefix="in"),
        {"kms:Decrypt"},
        "s3",
        {"kms:EncryptionContext:aws:s3:arn": [BUCKET, f"{BUCKET}/in/*"]},
    ),
    (
        s3_entry(allow="write"),
        {"kms:Decrypt", "kms:GenerateDataKey"},
        "s3",
        {"kms:EncryptionContext:aws:s3:arn": [BUCKET, f"{BUCKET}/*"]},
    ),
    (
        s3_entry(allow="read-write"),
        {"kms:Decrypt", "kms:GenerateDataKey"},
        "s3",
        {"kms:EncryptionContext:aws:s3:arn": [BUCKET, f"{BUCKET}/*"]},
    ),
    (
        secret_entry(),
        {"kms:Decrypt"},
        "secretsmanager",
        {"kms:EncryptionContext:SecretARN": SECRET_ARN},
    ),
]


@pytest.mark.parametrize(("entry", "actions", "service", "context"), KEYS)
def test_customer_key_is_allowed_through_its_service_only(
    entry: dict[str, Any], actions: set[str], service: str, context: dict[str, Any]
) -> None:
    found = _statements(entry, key=KEY_ARN)["Access0Key"]
    assert set(found["Action"]) == actions
    assert found["Resource"] == [KEY_ARN]
    via = {"kms:ViaService": f"{service}.us-east-1.amazonaws.com"}
    conditions = found["Condition"]
    assert conditions["StringEquals"] | conditions.get("StringLike", {}) == via | context


@pytest.mark.parametrize(
    ("partition", "suffix"),
    [("aws", "amazonaws.com"), ("aws-us-gov", "amazonaws.com"), ("aws-cn", "amazonaws.com.cn")],
)
def test_via_service_follows_the_partition(partition: str, suffix: str) -> None:
    environment = aws_environment(partition, "region-1", ACCOUNT)
    found = _statements(s3_entry(), key=KEY_ARN, environment=environment)["Access0Key"]
    assert found["Condition"]["StringEquals"] == {"kms:ViaService": f"s3.region-1.{suffix}"}


def test_without_a_customer_key_there_is_no_key_statement() -> None:
    assert not [sid for sid in _statements(s3_entry(), secret_entry()) if "Key" in sid]


ALL = [s3_entry(allow=allow, prefix=prefix) for allow, _ in OBJECTS for prefix in (None, "in")]


def test_every_allow_ends_at_expiry_and_begins_at_the_start() -> None:
    found = _statements(*ALL, secret_entry(), key=KEY_ARN, starts_at="2027-01-01T00:00:00Z")
    assert len(found) > len(ALL)
    for statement in found.values():
        assert statement["Effect"] == "Allow"
        assert statement["Condition"]["DateLessThan"] == EXPIRY
        start = {"aws:CurrentTime": "2027-01-01T00:00:00Z"}
        assert statement["Condition"]["DateGreaterThanEquals"] == start


def test_no_statement_has_a_wildcard_action_or_resource_or_an_empty_condition() -> None:
    for statement in _statements(*ALL, secret_entry(), key=KEY_ARN).values():
        assert not [action for action in statement["Action"] if "*" in action]
        assert all(resource.startswith("arn:aws:") for resource in statement["Resource"])
        for keys in statement["Condition"].values():
            assert keys
            assert all(keys.values())


def test_s3_is_reached_over_tls_only() -> None:
    for sid, statement in _statements(s3_entry(), s3_entry(allow="write")).items():
        assert statement["Condition"]["Bool"] == {"aws:SecureTransport": "true"}, sid


def test_entries_are_never_merged() -> None:
    same = s3_entry(allow="read", prefix="in")
    found = _statements(same, same, s3_entry(allow="read", prefix="out"))
    assert len(found) == 9
    assert {sid[:7] for sid in found} == {"Access0", "Access1", "Access2"}


class _Odd(S3Access):
    """An entry with conditions that hold no value."""

    def allowances(
        self, found: Sequence[ResourceInfo], environment: AwsEnvironment
    ) -> tuple[Allowance, ...]:
        empty: dict[str, dict[str, Any]] = {"StringEquals": {"aws:SourceVpc": []}, "Null": {}}
        return (Allowance("Odd", ("s3:GetObject",), (found[0].arn,), empty),)


def test_condition_without_a_value_is_never_rendered() -> None:
    odd = _Odd(service="s3", bucket="data-bucket", allow="read")
    asked = config().model_copy(update={"access": [odd]})
    (statement,) = permissions_policy(asked, [(BUCKET_INFO,)], AWS_ENVIRONMENT)["Statement"]
    assert statement["Condition"] == {"DateLessThan": EXPIRY, "StringEquals": OWNED}
