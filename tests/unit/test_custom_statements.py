"""Custom statements: exact, ours to give, within the boundary, and no wider than written."""

from typing import Any

import pytest

from latchkey.grants.policies import permissions_policy
from tests.kit.examples import (
    ACCOUNT,
    AWS_ENVIRONMENT,
    KEY_ARN,
    OTHER_ACCOUNT,
    config,
    read,
    resources_of,
)

OBJECTS = "arn:aws:s3:::data-bucket/in/*"
HERE = f"us-east-1:{ACCOUNT}"


def _statement(**changes: Any) -> dict[str, Any]:
    return {"Action": "s3:GetObjectTagging", "Resource": OBJECTS, **changes}


def _custom(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"service": "custom", "statements": list(statements)}


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"Effect": "Deny"}, "Effect", "Allow"),
    ({"NotAction": "s3:GetObject"}, "NotAction", "unknown field"),
    ({"NotResource": OBJECTS}, "NotResource", "unknown field"),
    ({"Principal": "*"}, "Principal", "unknown field"),
    ({"Action": []}, "Action", "at least 1"),
    ({"Action": "*"}, "Action", "wildcard"),
    ({"Action": "s3:*"}, "Action", "wildcard"),
    ({"Action": "s3:Get?bject"}, "Action", "wildcard"),
    ({"Action": "GetObject"}, "Action", "not an action"),
    ({"Action": "s3:GetObjectTaging"}, "Action", "did you mean 's3:GetObjectTagging'"),
    ({"Action": "iam:PassRole"}, "Action", "outside of the permissions boundary"),
    ({"Action": "sts:AssumeRole"}, "Action", "outside of the permissions boundary"),
    ({"Action": "organizations:ListRoots"}, "Action", "outside of the permissions boundary"),
    ({"Action": "account:GetContactInformation"}, "Action", "outside"),
    ({"Action": "kms:CreateGrant"}, "Action", "outside of the permissions boundary"),
    ({"Action": "kms:Decrypt"}, "Action", "an entry of the service kms has it"),
    ({"Action": "s3:PutBucketPolicy"}, "Action", "outside of the permissions boundary"),
    ({"Action": "s3:PutObjectAcl"}, "Action", "outside of the permissions boundary"),
    ({"Action": "lambda:UpdateFunctionCode"}, "Action", "outside"),
    ({"Resource": "*"}, "Resource", "not an ARN"),
    ({"Resource": "data-bucket"}, "Resource", "not an ARN"),
    ({"Resource": "arn:aws:s3:::*"}, "Resource", "not one resource of s3"),
    ({"Resource": "arn:aws:s3:::data-*"}, "Resource", "not one resource of s3"),
    ({"Resource": "arn:aws:s3:::data-bucket/in*"}, "Resource", "behind a '/'"),
    ({"Resource": "arn:aws:s3:::data-bucket/*/x"}, "Resource", "only at the end"),
    ({"Resource": "arn:aws:s3:::data-bucket/${aws:username}/*"}, "Resource", "not one resource"),
    ({"Resource": f"arn:aws:ec2:{HERE}:instance/i-1"}, "Resource", "no service 'ec2'"),
    ({"Resource": f"arn:aws:s3:{HERE}:data-bucket/*"}, "Resource", "not a full ARN"),
    (
        {"Action": "dynamodb:PartiQLSelect", "Resource": f"arn:aws:dynamodb:{HERE}:table/*"},
        "Resource",
        "not one resource of dynamodb",
    ),
    (
        {"Action": "ssm:GetParameterHistory", "Resource": f"arn:aws:ssm:{HERE}:parameter/*"},
        "Resource",
        "not one resource of ssm",
    ),
    (
        {"Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:::orders"},
        "Resource",
        "not a full ARN of sqs",
    ),
    (
        {
            "Action": "sqs:SendMessage",
            "Resource": f"arn:aws:sqs:us-east-1:{OTHER_ACCOUNT}:orders",
        },
        "Resource",
        "grant it from a stack there",
    ),
    ({"Condition": {"StringEquals": {"aws:SourceVpc": []}}}, "Condition", "empty list"),
    ({"Condition": {"StringEquals": {"aws:SourceVpc": ""}}}, "Condition", "needs a text"),
    ({"Condition": {"StringEquals": {"aws:SourceVpc": "vpc-\u00e9"}}}, "Condition", "plain ASCII"),
    ({"Condition": {"StringEquals": {"no key": "x"}}}, "Condition", "not a condition key"),
    ({"Condition": {"StringEquals": {}}}, "Condition", "holds no condition"),
    ({"Condition": {"StringEqualz": {"aws:x": "b"}}}, "Condition", "not a condition operator"),
    (
        {"Condition": {"DateLessThan": {"aws:CurrentTime": "2099-01-01T00:00:00Z"}}},
        "Condition",
        "set by Latchkey",
    ),
    ({"Condition": {"Bool": {"AWS:SecureTransport": "false"}}}, "Condition", "set by Latchkey"),
    (
        {"Condition": {"StringEquals": {"AWS:ResourceAccount": "444455556666"}}},
        "Condition",
        "set by Latchkey",
    ),
]


@pytest.mark.parametrize(("changes", "field", "expected"), BAD)
def test_statement_that_may_not_be_granted_is_rejected_where_it_stands(
    changes: dict[str, Any], field: str, expected: str
) -> None:
    (problem,) = read(access=[_custom(_statement(**changes))]).problems
    assert problem.path == f"/access/0/statements/0/{field}"
    assert expected in problem.message


def test_statement_about_two_services_is_rejected() -> None:
    mixed = _statement(Action=["s3:GetObjectTagging", "sqs:SendMessage"])
    (problem,) = read(access=[_custom(mixed)]).problems
    assert problem.path == "/access/0/statements"
    assert "one service, not s3, sqs" in problem.message


def _rendered(*statements: dict[str, Any], keys: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    asked = config(access=[_custom(*statements)])
    found: list[dict[str, Any]] = permissions_policy(
        asked, resources_of(asked, AWS_ENVIRONMENT, keys), AWS_ENVIRONMENT
    )["Statement"]
    return found


def test_conditions_are_kept_and_ours_are_added() -> None:
    own = {
        "StringEquals": {"s3:ExistingObjectTag/shared": "yes"},
        "Bool": {"aws:ViaAWSService": "false"},
    }
    (statement,) = _rendered(_statement(Condition=own))
    assert statement == {
        "Sid": "Access0Custom0",
        "Effect": "Allow",
        "Action": ["s3:GetObjectTagging"],
        "Resource": [OBJECTS],
        "Condition": {
            "StringEquals": {
                "s3:ExistingObjectTag/shared": "yes",
                "aws:ResourceAccount": "123456789012",
            },
            "Bool": {"aws:ViaAWSService": "false", "aws:SecureTransport": "true"},
            "DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"},
        },
    }


def test_dates_of_its_own_stand_beside_those_of_the_grant() -> None:
    own = {"DateLessThan": {"aws:TokenIssueTime": "2027-01-01T00:00:00Z"}}
    (statement,) = _rendered(_statement(Condition=own))
    assert statement["Condition"]["DateLessThan"] == {
        "aws:TokenIssueTime": "2027-01-01T00:00:00Z",
        "aws:CurrentTime": "2030-01-01T00:00:00Z",
    }


def test_statement_may_keep_the_name_that_it_was_written_with() -> None:
    (statement,) = _rendered(_statement(Sid="ReadTags"))
    assert statement["Sid"] == "Access0Custom0"


def test_statements_stay_apart() -> None:
    first = _statement()
    second = {"Action": "sqs:SendMessage", "Resource": f"arn:aws:sqs:{HERE}:orders"}
    sids = [statement["Sid"] for statement in _rendered(first, second)]
    assert sids == ["Access0Custom0", "Access0Custom1"]


@pytest.mark.parametrize(
    ("action", "key_actions"),
    [
        ("s3:GetObjectVersion", ["kms:Decrypt"]),
        ("s3:PutObject", ["kms:Decrypt", "kms:GenerateDataKey"]),
    ],
)
def test_key_behind_the_resource_is_allowed_as_far_as_the_actions_need_it(
    action: str, key_actions: list[str]
) -> None:
    _, key = _rendered(_statement(Action=action), keys=(KEY_ARN,))
    assert key["Action"] == key_actions
    assert key["Resource"] == [KEY_ARN]
    assert key["Condition"]["StringEquals"] == {"kms:ViaService": "s3.us-east-1.amazonaws.com"}


@pytest.mark.parametrize(
    "statement",
    [
        _statement(Resource=["arn:aws:s3:::data-bucket", "arn:aws:s3:::data-bucket/*"]),
        {
            "Action": "dynamodb:PartiQLSelect",
            "Resource": f"arn:aws:dynamodb:{HERE}:table/items/index/*",
        },
        {"Action": "ssm:GetParameterHistory", "Resource": f"arn:aws:ssm:{HERE}:parameter/app/*"},
        {
            "Action": "secretsmanager:PutSecretValue",
            "Resource": f"arn:aws:secretsmanager:{HERE}:secret:a/b-AbCdEf",
        },
    ],
)
def test_resource_that_is_named_may_have_what_is_below_it(statement: dict[str, Any]) -> None:
    assert read(access=[_custom(statement)]).problems == ()
