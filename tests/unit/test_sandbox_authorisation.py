"""The sandbox decides about requests as IAM does; all that tests say of sessions rests on it."""

from typing import Any

import pytest

from sandbox.iam.authorisation import allowed, may_assume

NOW = {"aws:CurrentTime": "2026-06-30T12:00:00+00:00"}
PARTNER = "arn:aws:iam::444455556666:root"
ROLE = "arn:aws:iam::444455556666:role/app/reports"


def policy(**statement: Any) -> dict[str, Any]:
    """A policy of one statement."""
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}


def trust(*conditions: dict[str, Any], principal: Any = PARTNER) -> dict[str, Any]:
    """A trust policy with one statement per condition."""
    return {
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": principal},
                "Action": "sts:AssumeRole",
                "Condition": condition,
            }
            for condition in conditions or ({},)
        ]
    }


READ = policy(Action="s3:GetObject", Resource="arn:aws:s3:::b/in/*")


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("s3:GetObject", "arn:aws:s3:::b/in/a", True),
        ("S3:getobject", "arn:aws:s3:::b/in/a/b", True),
        ("s3:GetObject", "arn:aws:s3:::b/inbox/a", False),
        ("s3:GetObject", "arn:aws:s3:::b/IN/a", False),
        ("s3:GetObjectVersion", "arn:aws:s3:::b/in/a", False),
        ("s3:PutObject", "arn:aws:s3:::b/in/a", False),
    ],
)
def test_only_what_a_statement_names_is_allowed(action: str, resource: str, expected: bool) -> None:
    assert allowed([READ], None, action, resource, {}) is expected


def test_an_explicit_deny_wins() -> None:
    deny = policy(Effect="Deny", Action="*", Resource="*")
    assert not allowed([READ, deny], None, "s3:GetObject", "arn:aws:s3:::b/in/a", {})


def test_nothing_is_allowed_without_policies() -> None:
    assert not allowed([], None, "s3:GetObject", "arn:aws:s3:::b/in/a", {})


def test_a_boundary_limits_and_grants_nothing() -> None:
    everything = policy(Action="s3:*", Resource="*")
    assert allowed([READ], everything, "s3:GetObject", "arn:aws:s3:::b/in/a", {})
    assert not allowed([READ], everything, "s3:PutObject", "arn:aws:s3:::b/in/a", {})
    assert not allowed([everything], READ, "s3:PutObject", "arn:aws:s3:::b/in/a", {})


def test_not_action_is_everything_else() -> None:
    some = policy(NotAction="iam:*", Resource="*")
    assert allowed([some], None, "s3:GetObject", "x", {})
    assert not allowed([some], None, "iam:CreateRole", "x", {})


@pytest.mark.parametrize(
    ("condition", "context", "expected"),
    [
        ({"DateLessThan": {"aws:CurrentTime": "2026-06-30T12:00:01Z"}}, NOW, True),
        ({"DateLessThan": {"aws:CurrentTime": "2026-06-30T12:00:00Z"}}, NOW, False),
        ({"DateGreaterThanEquals": {"aws:CurrentTime": "2026-06-30T12:00:00Z"}}, NOW, True),
        ({"StringLike": {"s3:prefix": "in/*"}}, {"s3:prefix": "in/a"}, True),
        ({"StringLike": {"s3:prefix": "in/*"}}, {"s3:prefix": "in"}, False),
        ({"StringLike": {"s3:prefix": ["in/*", "out/*"]}}, {"s3:prefix": "out/"}, True),
        ({"StringLike": {"s3:prefix": "in/*"}}, {}, False),
        ({"StringLikeIfExists": {"s3:prefix": "in/*"}}, {}, True),
        ({"StringNotEquals": {"k": "a"}}, {}, True),
        ({"StringNotEquals": {"k": ["a", "b"]}}, {"k": "b"}, False),
        ({"Bool": {"aws:SecureTransport": "true"}}, {"aws:securetransport": "true"}, True),
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, {}, False),
        ({"Bool": {"aws:SecureTransport": True}}, {"aws:SecureTransport": "true"}, True),
        ({"Null": {"kms:ViaService": "false"}}, {"kms:ViaService": "x"}, True),
        ({"Null": {"kms:ViaService": "false"}}, {}, False),
        ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, {"aws:SourceIp": "10.1.2.3"}, True),
        ({"IpAddress": {"aws:SourceIp": ["10.0.0.0/8"]}}, {"aws:SourceIp": "11.1.2.3"}, False),
        ({"NumericLessThan": {"k": "10"}}, {"k": "9"}, True),
        ({"StringEquals": {"a": "1", "b": "2"}}, {"a": "1"}, False),
        ({"ForAllValues:StringEquals": {"k": ["a", "b"]}}, {"k": ["a", "c"]}, False),
        ({"ForAnyValue:StringEquals": {"k": ["a", "b"]}}, {"k": ["a", "c"]}, True),
    ],
)
def test_conditions(condition: dict[str, Any], context: dict[str, Any], expected: bool) -> None:
    some = policy(Action="*", Resource="*", Condition=condition)
    assert allowed([some], None, "s3:ListBucket", "arn:aws:s3:::b", context) is expected


def test_a_trust_policy_wants_its_principal_and_its_external_id() -> None:
    document = trust({"StringEquals": {"sts:ExternalId": "ext-12345678"}})
    given = {"sts:ExternalId": "ext-12345678"}
    assert may_assume(document, {PARTNER}, given)
    assert not may_assume(document, {PARTNER}, {"sts:ExternalId": "EXT-12345678"})
    assert not may_assume(document, {PARTNER}, {})
    assert not may_assume(document, {"arn:aws:iam::111122223333:root"}, given)


def test_an_account_that_is_narrowed_to_a_role_is_no_longer_the_account() -> None:
    document = trust({"ArnEquals": {"aws:PrincipalArn": ROLE}})
    known = {PARTNER, "444455556666", ROLE}
    assert may_assume(document, known, {"aws:PrincipalArn": ROLE})
    assert not may_assume(document, known, {"aws:PrincipalArn": ROLE + "2"})


def test_any_statement_will_do_and_a_deny_forbids() -> None:
    document = trust({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, {}, principal=["x", PARTNER])
    assert may_assume(document, {PARTNER}, {})
    document["Statement"].append(
        {"Effect": "Deny", "Principal": "*", "Action": "sts:*", "Condition": {}}
    )
    assert not may_assume(document, {PARTNER}, {})
