"""The rows of what a role allows, and the names in them."""

import json
from typing import Any

import pytest

from latchkey.iam.condition import Condition
from latchkey.iam.permit import Permit, permits
from latchkey.reports.summary.allows import allows
from latchkey.reports.summary.difference import DIFFERENCE, policy_difference
from latchkey.reports.summary.resource_names import Names
from latchkey.services import boundary
from latchkey.services.labels import labels_of
from tests.kit.examples import ACCOUNT

HERE = f"us-east-1:{ACCOUNT}"


def permit(action: str, resource: str, *conditions: Condition) -> Permit:
    """What one statement of a permissions policy permits."""
    return Permit(action, resource, "", frozenset(conditions))


NAMES = [
    ("s3:GetObject", "arn:aws:s3:::reports/acme/*", "bucket reports, folder acme/"),
    ("s3:GetObject", "arn:aws:s3:::reports/*", "bucket reports"),
    ("s3:GetObject", "arn:aws:s3:::reports/acme*", "bucket reports, what begins with acme"),
    ("s3:GetObject", "arn:aws:s3:::reports/a/b.csv", "bucket reports, object a/b.csv"),
    ("s3:GetObject", "arn:aws:s3:::reports", "bucket reports itself, no objects"),
    ("s3:ListBucket", "arn:aws:s3:::reports", "bucket reports"),
    (
        "secretsmanager:GetSecretValue",
        f"arn:aws:secretsmanager:{HERE}:secret:a/b-AbCdEf",
        "secret a/b",
    ),
    ("sqs:SendMessage", f"arn:aws:sqs:{HERE}:orders.fifo", "queue orders.fifo"),
    ("sns:Publish", f"arn:aws:sns:{HERE}:news", "topic news"),
    ("dynamodb:GetItem", f"arn:aws:dynamodb:{HERE}:table/items", "table items"),
    ("dynamodb:Query", f"arn:aws:dynamodb:{HERE}:table/items/index/*", "table items, its indexes"),
    ("dynamodb:Query", f"arn:aws:dynamodb:{HERE}:table/items/index/x", "table items, index x"),
    ("lambda:InvokeFunction", f"arn:aws:lambda:{HERE}:function:quote", "function quote"),
    (
        "lambda:InvokeFunction",
        f"arn:aws:lambda:{HERE}:function:quote:live",
        "function quote, version or alias live",
    ),
    ("ssm:GetParameter", f"arn:aws:ssm:{HERE}:parameter/app/host", "parameter /app/host"),
    ("ssm:GetParameter", f"arn:aws:ssm:{HERE}:parameter/host", "parameter host"),
    ("ssm:GetParameter", f"arn:aws:ssm:{HERE}:parameter/app/*", "parameters below /app/"),
    ("events:PutEvents", f"arn:aws:events:{HERE}:event-bus/b", "event bus b"),
    ("kinesis:PutRecord", f"arn:aws:kinesis:{HERE}:stream/clicks", "stream clicks"),
    (
        "states:StartExecution",
        f"arn:aws:states:{HERE}:stateMachine:intake",
        "state machine intake",
    ),
    ("kms:Decrypt", f"arn:aws:kms:{HERE}:key/1-2", "key 1-2"),
    ("s3:GetObject", "*", "every resource"),
]
AS_THEY_ARE = [
    ("sqs:SendMessage", f"arn:aws:sqs:{HERE}:order*"),
    ("sqs:SendMessage", f"arn:aws:sqs:*:{ACCOUNT}:orders"),
    ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{HERE}:secret:a-??????"),
    ("ssm:GetParameter", f"arn:aws:ssm:{HERE}:parameter/a*/b"),
    ("ec2:StartInstances", f"arn:aws:ec2:{HERE}:instance/i-1"),
    ("lambda:InvokeFunction", f"arn:aws:lambda:{HERE}:function:quote:*"),
    ("s3:GetObject", "no ARN"),
]


@pytest.mark.parametrize(("action", "arn", "name"), NAMES, ids=lambda v: str(v)[-30:])
def test_resource_in_words(action: str, arn: str, name: str) -> None:
    one = permit(action, arn)
    assert Names([one]).of(one) == (name, one)


@pytest.mark.parametrize(("action", "arn"), AS_THEY_ARE, ids=lambda v: str(v)[-30:])
def test_what_words_would_blur_is_described_by_its_arn(action: str, arn: str) -> None:
    one = permit(action, arn)
    assert Names([one]).of(one)[0] == arn


def test_two_resources_never_have_one_name() -> None:
    arns = [f"arn:aws:secretsmanager:{HERE}:secret:api-{end}" for end in ("AbCdEf", "GhIjKl")]
    both = [permit("secretsmanager:GetSecretValue", arn) for arn in arns]
    names = Names(both)
    assert [names.of(one)[0] for one in both] == arns


def test_listing_bound_to_a_folder_is_named_as_its_objects_are() -> None:
    bound = Condition("StringLike", "s3:prefix", ("in/*",))
    other = Condition("StringLike", "s3:prefix", ("in/*", "out/*"))
    list_, both = (permit("s3:ListBucket", "arn:aws:s3:::b", c) for c in (bound, other))
    names = Names([list_, both])
    assert names.of(list_) == ("bucket b, folder in/", permit("s3:ListBucket", "arn:aws:s3:::b"))
    assert names.of(both) == ("bucket b", both)


def test_every_action_within_the_boundary_has_a_verb() -> None:
    for action in (*boundary.allowed(), *boundary.KEY_ACTIONS):
        assert action not in labels_of(action), f"{action} needs a label in its spec"


def test_rows_differ_by_their_conditions() -> None:
    https = Condition("Bool", "aws:SecureTransport", ("true",))
    rows = allows(
        [
            permit("s3:PutObject", "arn:aws:s3:::b/*", https),
            permit("s3:GetObject", "arn:aws:s3:::b/*", https),
            permit("s3:DeleteObject", "arn:aws:s3:::b/*"),
            permit("ec2:StartInstances", "*"),
        ]
    )
    assert rows == [
        {
            "service": "ec2",
            "resource": "every resource",
            "may": ["ec2:StartInstances"],
            "conditions": [],
        },
        {
            "service": "s3",
            "resource": "bucket b",
            "may": ["read", "put"],
            "conditions": ["only over HTTPS"],
        },
        {"service": "s3", "resource": "bucket b", "may": ["delete"], "conditions": []},
    ]


def test_all_but_some_actions_are_described_as_such() -> None:
    statement = {"Effect": "Allow", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::b"}
    (row,) = allows(permits({"Statement": statement}))
    assert (row["service"], row["may"]) == ("any", ["all but iam:*"])
    assert row["resource"] == "all but arn:aws:s3:::b"


def test_too_many_rows_are_cut_and_counted() -> None:
    rows = allows(
        permit("sqs:SendMessage", f"arn:aws:sqs:{HERE}:{'q' * 70}{n}") for n in range(900)
    )
    assert len(json.dumps(rows)) < 26_000
    assert (
        rows[-1]["resource"] == f"and {900 - len(rows) + 1} more rows, which the role's policy has"
    )


def _policy(*actions: str, sid: str = "A") -> dict[str, Any]:
    statement = {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": statement}


def test_difference_is_of_the_canonical_documents() -> None:
    old, new = {"policy": _policy("a:B", "a:A")}, {"policy": _policy("a:A", "a:B", "a:C")}
    assert policy_difference(old, {"policy": _policy("a:A", "a:B")}) == []
    assert policy_difference(old, new) == [
        "--- policy before",
        "+++ policy after",
        "@@ -3,7 +3,8 @@",
        "     {",
        '       "Action": [',
        '         "a:A",',
        '-        "a:B"',
        '+        "a:B",',
        '+        "a:C"',
        "       ],",
        '       "Effect": "Allow",',
        '       "Resource": "*",',
    ]


def test_difference_to_nothing_names_the_side_that_is_not_there() -> None:
    some, none = {"policy": _policy("a:A")}, {"policy": None}
    made, gone = policy_difference(none, some), policy_difference(some, none)
    assert made[:2] == ["--- none", "+++ policy after"]
    assert gone[:2] == ["--- policy before", "+++ none"]
    assert [line[1:] for line in made[3:]] == [line[1:] for line in gone[3:]]


def test_difference_that_is_too_long_is_cut_and_says_so() -> None:
    many = _policy(*(f"s3:Action{n}" for n in range(4000)))
    lines = policy_difference({"policy": None}, {"policy": many})
    assert len(json.dumps(lines)) < DIFFERENCE + 20_000
    assert lines[-1].startswith("# and ") and lines[-1].endswith("`changes` has the documents")
