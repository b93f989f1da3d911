"""`latchkey import` of hand-made roles: they lose only what is reported."""

from typing import Any

import pytest

from latchkey_cli.importing.config import import_role
from tests.cli.hand_made import (
    GRANTED,
    PARTNER,
    QUEUE,
    SAID,
    allow_statement,
    hand_made,
    imported,
    trust_of,
)
from tests.kit.examples import ACCOUNT, KEY_ARN, NOW, STACK_CONTEXT

SECRET = f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:acme/api"


@pytest.mark.parametrize(
    ("statement", "entry"),
    [
        (
            allow_statement(
                ["s3:GetObject", "s3:ListBucket"], ["arn:aws:s3:::b-b-b", "arn:aws:s3:::b-b-b/*"]
            ),
            {"service": "s3", "bucket": "b-b-b", "allow": "read"},
        ),
        (
            allow_statement("s3:PutObject", "arn:aws:s3:::b-b-b/in/*"),
            {"service": "s3", "bucket": "b-b-b", "prefix": "in/", "allow": "write"},
        ),
        (
            allow_statement("S3:*", ["arn:aws:s3:::b-b-b", "arn:aws:s3:::b-b-b/*"]),
            {
                "service": "s3",
                "bucket": "b-b-b",
                "allow": "read-write",
                "bucket_owner_full_control": True,
                "object_tags": True,
                "versions": True,
            },
        ),
        (
            allow_statement("secretsmanager:GetSecretValue", f"{SECRET}-??????"),
            {"service": "secretsmanager", "secret": "acme/api", "allow": "read"},
        ),
        (
            allow_statement(["sqs:ReceiveMessage", "sqs:DeleteMessage"], QUEUE),
            {"service": "sqs", "queue": "orders", "allow": "consume"},
        ),
        (
            allow_statement(["kms:Decrypt", "kms:Encrypt", "kms:DescribeKey"], KEY_ARN),
            {"service": "kms", "key": KEY_ARN.rpartition("/")[2], "allow": "use"},
        ),
        (
            allow_statement("kms:*", KEY_ARN),
            {"service": "kms", "key": KEY_ARN.rpartition("/")[2], "allow": "use"},
        ),
    ],
)
def test_hand_made_statements_become_the_entry_that_is_meant(
    statement: dict[str, Any], entry: dict[str, Any]
) -> None:
    _, described = imported(hand_made(statement), SAID)
    assert described.config["access"][0] == entry


def test_a_listing_bound_to_a_folder_is_one_of_the_folder() -> None:
    listing = allow_statement(
        "s3:ListBucket",
        "arn:aws:s3:::b-b-b",
        Condition={"StringLike": {"s3:prefix": ["", "in/*"]}},
    )
    objects = allow_statement("s3:GetObject", "arn:aws:s3:::b-b-b/in/*")
    _, described = imported(hand_made(listing, objects), SAID)
    entry = {"service": "s3", "bucket": "b-b-b", "prefix": "in/", "allow": "read"}
    assert described.config["access"] == [entry]


def test_get_without_list_gives_no_list() -> None:
    _, described = imported(
        hand_made(allow_statement("s3:GetObject", "arn:aws:s3:::b-b-b/*")), SAID
    )
    statement = {"Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::b-b-b/*"}
    assert described.config["access"] == [{"service": "custom", "statements": [statement]}]
    assert any("guardrails must allow" in note.text for note in described.notes)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow_statement("s3:GetObject", "*"), "names no resource"),
        (allow_statement("s3:GetObject", "arn:aws:s3:::logs-*/*"), "wildcard or variable"),
        (allow_statement("ec2:RunInstances", "*"), "out of scope: changes resources"),
        (allow_statement("sqs:*", QUEUE), "only the part that partner roles may have is kept"),
        (allow_statement("kms:Decrypt", KEY_ARN), "use of keys behind resources is added"),
        (allow_statement("sqs:SendMessage", QUEUE.replace(ACCOUNT, "111122223333")), "lost"),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, "NotAction"),
        ({"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::x"}, "NotResource"),
        (
            allow_statement(
                "sqs:SendMessage", QUEUE, Condition={"StringEqualsIfExists": {"x": "1"}}
            ),
            "conditions that a config cannot have",
        ),
    ],
)
def test_what_is_not_kept_is_reported_with_the_reason(
    statement: dict[str, Any], expected: str
) -> None:
    kept = allow_statement("sns:Publish", f"arn:aws:sns:us-east-1:{ACCOUNT}:events")
    _, described = imported(hand_made(kept, statement), SAID)
    texts = [f"{note.kind} {note.text}" for note in described.notes]
    assert any(expected in text for text in texts), texts


def test_statements_under_conditions_are_kept_with_them() -> None:
    condition = {"StringEquals": {"aws:SourceVpc": ["vpc-1"]}}
    _, described = imported(
        hand_made(allow_statement("sqs:SendMessage", QUEUE, Condition=condition)), SAID
    )
    (entry,) = described.config["access"]
    assert entry["statements"][0]["Condition"] == condition


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (trust_of("*"), "anybody in any account"),
        (trust_of({"Service": "lambda.amazonaws.com"}), "a service principal"),
        (trust_of({"Federated": "cognito-identity.amazonaws.com"}), "a federated principal"),
        (trust_of({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), "needs no grant"),
        (trust_of({"AWS": "AROAEXAMPLEEXAMPLE123"}), "was deleted"),
        (trust_of({"AWS": "arn:aws:iam::444455556666:group/x"}), "not a principal"),
        (trust_of({"AWS": "111122223333"}, Bool={"aws:ViaAWSService": "true"}), "a second grant"),
        (
            {"Effect": "Allow", "NotPrincipal": PARTNER, "Action": "sts:AssumeRole"},
            "trusts everybody else",
        ),
    ],
)
def test_trust_that_is_not_kept_is_reported(statement: dict[str, Any], expected: str) -> None:
    trust = {"Statement": [trust_of(PARTNER), statement]}
    found, described = imported(hand_made(GRANTED, trust=trust), SAID)
    assert [p.text for p in found.named_principals] == [PARTNER["AWS"]]
    assert any(expected in note.text for note in described.notes if note.kind == "lost")


@pytest.mark.parametrize(
    ("condition", "fields", "expected"),
    [
        (
            {"StringEquals": {"sts:ExternalId": "partner-1234"}},
            {"external_id": "partner-1234"},
            None,
        ),
        (
            {"StringEquals": {"sts:ExternalId": ["partner-1234", "partner-5678"]}},
            {"external_id": ["partner-1234", "partner-5678"]},
            None,
        ),
        (
            {"StringLike": {"sts:ExternalId": ["partner-1234", "part*"]}},
            {"external_id": "partner-1234"},
            None,
        ),
        ({"StringEquals": {"sts:ExternalId": "short"}}, {"external_id": "short"}, None),
        ({"StringLike": {"sts:ExternalId": "part*"}}, {"generate_external_id": True}, None),
        ({"Bool": {"aws:MultiFactorAuthPresent": True}}, {}, "wider"),  # of a role
        (
            {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
            {"source_ips": ["203.0.113.0/24"]},
            None,
        ),
        ({"StringEquals": {"aws:SourceVpc": "vpc-1"}}, {}, "wider"),
        ({"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}, {}, "wider"),
    ],
)
def test_trust_conditions_become_fields_or_are_reported(
    condition: dict[str, Any], fields: dict[str, Any], expected: str | None
) -> None:
    trust = {"Statement": [trust_of(PARTNER, **condition)]}
    _, described = imported(hand_made(GRANTED, trust=trust), SAID)
    assert fields.items() <= described.config.items()
    assert [n.kind for n in described.notes if n.kind == "wider"] == (
        [expected] if expected else []
    )


def test_mfa_is_kept_for_those_who_can_have_it() -> None:
    user = "arn:aws:iam::444455556666:user/ada"
    mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    trust = {"Statement": [trust_of({"AWS": [user, PARTNER["AWS"]]}, **mfa)]}
    found, described = imported(hand_made(GRANTED, trust=trust), SAID)
    assert found.require_mfa
    assert [p.text for p in found.named_principals] == [user]
    assert [n.kind for n in described.notes if PARTNER["AWS"] in n.text] == ["lost"]


def test_an_account_bound_to_roles_becomes_these_roles() -> None:
    arn = "arn:aws:iam::444455556666:role/app"
    account = {"AWS": "arn:aws:iam::444455556666:root"}
    trust = {"Statement": [trust_of(account, ArnEquals={"aws:PrincipalArn": arn})]}
    found, _ = imported(hand_made(GRANTED, trust=trust), SAID)
    assert [p.text for p in found.named_principals] == [arn]


def test_names_owner_and_tags_come_from_the_role() -> None:
    tags = {"Team": "Data", "cost": "1", "aws:cloudformation:stack-name": "x"}
    _, described = imported(hand_made(GRANTED, tags=tags, boundary_arn="arn:b"), SAID)
    config = described.config
    assert (config["partner"], config["grant"], config["owner"]) == (
        "acme-readrole",
        "main",
        "Data",
    )
    assert config["tags"] == {"Team": "Data", "cost": "1"}
    expected = " ".join(note.text for note in described.notes)
    assert "arn:b" in expected
    assert "aws:cloudformation:stack-name" in expected


def test_too_many_entries_are_to_be_split() -> None:
    queues = [f"{QUEUE}-{number}" for number in range(21)]
    described = import_role(
        hand_made(allow_statement("sqs:SendMessage", queues)), SAID, STACK_CONTEXT, NOW
    )
    assert any("split it" in note.text for note in described.notes)
    assert [problem.path for problem in described.problems] == ["/access"]
