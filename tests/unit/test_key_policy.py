"""Whether a key's policy leaves it to IAM who may use the key."""

from typing import Any

import pytest

from latchkey.iam.key_policy import KeyUse, judged, lets_iam_decide, statement_to_add
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


ROLE = f"arn:aws:iam::{ACCOUNT}:role/partners/partner-acme.main"
ADMIN = f"arn:aws:iam::{ACCOUNT}:role/admin"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
NAMED = KeyUse("s3", NEEDED, ROLE)
ANYBODY = {"Principal": {"AWS": "*"}}


def _on(operator: str, key: str, *values: str) -> dict[str, Any]:
    return {"Condition": {operator: {key: list(values)}}}


OPENS = {
    "the path of all roles": {**ANYBODY, **_on("ArnLike", "aws:PrincipalArn", ROLE[:-9] + "*")},
    "equal in spite of a pattern": _on("ArnEquals", "aws:PrincipalArn", f"{ROLE[:-1]}?"),
    "one of several roles": _on("StringEquals", "aws:PrincipalArn", ADMIN, ROLE),
    "by text": _on("StringLike", "AWS:principalarn", f"arn:aws:iam::{ACCOUNT}:role/partners/*"),
    "the role itself": {"Principal": {"AWS": [ADMIN, ROLE]}},
    "all but others": _on("ArnNotLike", "aws:PrincipalArn", ADMIN),
    "over TLS only": _on("Bool", "aws:SecureTransport", "true"),
    "without a grant": _on("BoolIfExists", "kms:GrantIsForAWSResource", "false"),
    "no key, no test": _on("Null", "aws:SourceArn", "true"),
    "in this Region": _on("StringEqualsIgnoreCase", "aws:RequestedRegion", "US-EAST-1"),
    "of a role": _on("StringEquals", "aws:PrincipalType", "AssumedRole"),
    "all values of none": _on("ForAllValues:StringEquals", "aws:SourceAccount", "1"),
    "any of one": _on("ForAnyValue:StringEquals", "aws:PrincipalAccount", ACCOUNT),
    "this key": {"Resource": KEY},
    "all but one action": {"Action": None, "NotAction": "kms:ScheduleKeyDeletion"},
}
CLOSES = {
    "another path": _on("ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{ACCOUNT}:role/apps/*"),
    "a wildcard over a colon": _on("ArnLike", "aws:PrincipalArn", "arn:*/partner-acme.main"),
    "over no TLS": _on("Bool", "aws:SecureTransport", "false"),
    "with MFA": _on("Bool", "aws:MultiFactorAuthPresent", "true"),
    "grants for AWS only": _on("Bool", "kms:GrantIsForAWSResource", "true"),
    "a network": _on("IpAddress", "aws:SourceIp", "203.0.113.0/24"),
    "not a network": _on("NotIpAddress", "aws:SourceIp", "203.0.113.0/24"),
    "an organization": _on("StringEquals", "aws:PrincipalOrgID", "o-example"),
    "a tag": _on("StringEqualsIfExists", "aws:PrincipalTag/team", "blue"),
    "a variable": _on("ArnLike", "aws:PrincipalArn", "${aws:PrincipalArn}"),
    "any of none": _on("ForAnyValue:StringNotEquals", "aws:SourceAccount", "1"),
    "nobody by an empty list": _on("ArnLike", "aws:PrincipalArn"),
    "another key": {"Resource": f"{KEY}0"},
    "all but what is needed": {"Action": None, "NotAction": ["kms:Decrypt", "kms:Gen*"]},
    "all but another role": {"Principal": None, "NotPrincipal": {"AWS": ADMIN}},
    "a role that was deleted": {"Principal": {"AWS": "AROAEXAMPLEEXAMPLE123"}},
}


def _one(**changes: Any) -> dict[str, Any]:
    statement = _policy(**changes)["Statement"]
    return {name: value for name, value in statement.items() if value is not None}


@pytest.mark.parametrize("kind", OPENS)
def test_kinds_of_allow_that_open_the_key(kind: str) -> None:
    assert judged({"Statement": _one(**OPENS[kind])}, NAMED, AWS_ENVIRONMENT, KEY).open


@pytest.mark.parametrize("kind", CLOSES)
def test_kinds_of_allow_that_do_not(kind: str) -> None:
    verdict = judged({"Statement": _one(**CLOSES[kind])}, NAMED, AWS_ENVIRONMENT, KEY)
    assert (verdict.missing, verdict.denied) == (NEEDED, {})


def _deny(**changes: Any) -> dict[str, Any]:
    return _one(Effect="Deny", **{**ANYBODY, **changes})


DENIES = {
    "all but admins": _deny(**_on("ArnNotLike", "aws:PrincipalArn", ADMIN)),
    "all but admins, by text": _deny(**_on("StringNotEquals", "aws:PrincipalArn", ADMIN)),
    "all but admins, as principals": _deny(Principal=None, NotPrincipal={"AWS": ADMIN}),
    "the role": _deny(Principal={"AWS": ROLE}),
    "the account": _deny(Principal={"AWS": ROOT}),
    "without MFA": _deny(**_on("BoolIfExists", "aws:MultiFactorAuthPresent", "false")),
    "other services": _deny(**_on("StringNotLike", "kms:ViaService", "sqs.*.amazonaws.com")),
    "all but some actions": _deny(Action=None, NotAction=["kms:Describe*"]),
}
SPARES = {
    "all but roles of the path": _deny(**_on("ArnNotLike", "aws:PrincipalArn", f"{ROLE[:-9]}*")),
    "without TLS": _deny(**_on("Bool", "aws:SecureTransport", "false")),
    "other accounts": _deny(**_on("StringNotEquals", "aws:PrincipalAccount", ACCOUNT)),
    "all but this service": _deny(
        **_on("StringNotEquals", "kms:ViaService", "s3.us-east-1.amazonaws.com")
    ),
    "deletion": _deny(Action=["kms:ScheduleKeyDeletion", "kms:Disable*"]),
    "another role": _deny(Principal={"AWS": ADMIN}),
    "other networks": _deny(**_on("NotIpAddress", "aws:SourceIp", "203.0.113.0/24")),
    "other organizations": _deny(**_on("StringNotEquals", "aws:PrincipalOrgID", "o-example")),
    "another key": _deny(Resource=f"{KEY}0"),
}


@pytest.mark.parametrize("kind", DENIES)
def test_kinds_of_deny_that_no_allow_lifts(kind: str) -> None:
    policy = {"Statement": [_one(), {**DENIES[kind], "Sid": "Kept"}]}
    verdict = judged(policy, NAMED, AWS_ENVIRONMENT, KEY)
    assert verdict.denied == dict.fromkeys(NEEDED, "Kept") and not verdict.missing


@pytest.mark.parametrize("kind", SPARES)
def test_kinds_of_deny_that_are_about_others(kind: str) -> None:
    policy = {"Statement": [_one(), SPARES[kind]]}
    assert judged(policy, NAMED, AWS_ENVIRONMENT, KEY).open


def test_only_what_is_missing_is_said_to_be_missing() -> None:
    policy = {"Statement": [_one(Action=["kms:Decrypt", "kms:Describe*"])]}
    assert judged(policy, NAMED, AWS_ENVIRONMENT, KEY).missing == ("kms:GenerateDataKey",)


def test_role_that_nobody_knows_is_named_by_no_statement() -> None:
    for kind in ("the path of all roles", "the role itself", "all but others"):
        assert not judged({"Statement": _one(**OPENS[kind])}, USE, AWS_ENVIRONMENT, KEY).open
    unknown = {"Statement": [_one(), DENIES["all but admins"]]}
    assert judged(unknown, USE, AWS_ENVIRONMENT, KEY).open


def test_statement_to_add_is_enough() -> None:
    policy = {"Version": "2012-10-17", "Statement": [statement_to_add(NEEDED, AWS_ENVIRONMENT)]}
    assert lets_iam_decide(policy, USE, AWS_ENVIRONMENT)
