"""`latchkey import` never writes more than the role allows: Deny, boundary and conditions count."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto.iam.access_control import IAMPolicy, PermissionResult

from latchkey.config.reader import read_document
from latchkey.grants.policies import permissions_policy
from latchkey_cli.importing.config import ImportedConfig, import_role
from latchkey_cli.importing.role_fields import ImportOptions
from tests.cli.hand_made import (
    GRANTED,
    PARTNER,
    QUEUE,
    SAID,
    allow_statement,
    hand_made,
    trust_of,
)
from tests.kit.examples import ACCOUNT, AWS_ENVIRONMENT, NOW, STACK_CONTEXT, resources_of

READS = allow_statement(
    ["s3:GetObject", "s3:ListBucket"], ["arn:aws:s3:::b-b-b", "arn:aws:s3:::b-b-b/*"]
)
OTHERS = allow_statement("sns:Publish", f"arn:aws:sns:us-east-1:{ACCOUNT}:events")


def _described(*statements: Any, **fields: Any) -> ImportedConfig:
    return import_role(hand_made(*statements, **fields), SAID, STACK_CONTEXT, NOW)


def _wider(described: ImportedConfig) -> list[str]:
    return [note.text for note in described.notes if note.kind == "wider"]


def _deny(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {**allow_statement(action, resource, **more), "Effect": "Deny"}


@pytest.mark.parametrize(
    "denial",
    [
        _deny("*"),
        _deny("s3:*"),
        _deny("S3:getobject"),
        _deny("s3:Get*", "arn:aws:s3:::b-b-b/*"),
        _deny("s3:GetObject", "arn:aws:s3:::b-b-b/secret/*"),
        _deny("s3:GetObject", "arn:aws:s3:::b-?-b/*.key"),
        _deny("s3:GetObject", "*/secret/*"),
        {"Effect": "Deny", "NotAction": "sns:*", "Resource": "*"},
        {"Effect": "Deny", "Action": "s3:*", "NotResource": "arn:aws:s3:::other/*"},
        {"Effect": "Deny", "Action": "s3:*", "NotResource": "arn:aws:s3:::b-b-b/in/*"},
    ],
    ids=str,
)
def test_what_is_denied_is_not_imported(denial: Any) -> None:
    described = _described(READS, OTHERS, denial)
    access = json.dumps(described.config["access"])
    assert "GetObject" not in access
    assert '"read"' not in access
    if denial["Action" if "Action" in denial else "NotAction"] != "*":
        assert "events" in access
    assert any("denied by inline/2" in note.text for note in described.notes)
    assert not _wider(described)


def test_a_denial_elsewhere_takes_nothing() -> None:
    described = _described(READS, _deny("s3:GetObject", "arn:aws:s3:::other/*"), _deny("ec2:*"))
    assert described.config["access"] == [{"service": "s3", "bucket": "b-b-b", "allow": "read"}]
    assert not _wider(described)


def test_a_denial_under_conditions_is_told_as_wider() -> None:
    network = {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
    described = _described(READS, _deny("s3:*", Condition=network))
    assert described.config["access"]
    assert _wider(described) == [
        "inline/1 denies some of it under conditions, which a config cannot have"
    ]
    assert not _wider(_described(READS, _deny("ec2:*", Condition=network)))


@pytest.mark.parametrize(
    "condition",
    [
        {"Bool": {"aws:SecureTransport": "false"}},
        {"DateLessThan": {"aws:TokenIssueTime": "2026-01-01T00:00:00Z"}},
    ],
)
def test_denials_that_mean_nothing_to_a_new_role_are_dropped(condition: Any) -> None:
    described = _described(READS, _deny("*", Condition=condition))
    assert described.config["access"]
    assert not _wider(described)


def test_a_denial_after_a_date_is_the_end() -> None:
    until = {"DateGreaterThan": {"aws:CurrentTime": "2026-09-01T00:00:00Z"}}
    role = hand_made(READS, _deny("*", Condition=until))
    described = import_role(role, ImportOptions(), STACK_CONTEXT, NOW)
    assert described.config["expires_at"] == "2026-09-01T00:00:00Z"
    assert "starts_at" not in described.config
    later = import_role(role, SAID, STACK_CONTEXT, NOW)
    assert _wider(later) == ["the role ends at 2026-09-01T00:00:00Z, before the given --expires-at"]


@pytest.mark.parametrize(
    "condition",
    [
        {"Bool": {"aws:SecureTransport": "false"}},
        {"StringEquals": {"s3:prefix": "in/*"}},
        {"DateNotEquals": {"aws:CurrentTime": "2026-09-01T00:00:00Z"}},
    ],
    ids=str,
)
def test_an_allow_under_other_conditions_is_no_entry(condition: Any) -> None:
    described = _described({**READS, "Condition": condition}, OTHERS)
    assert {entry["service"] for entry in described.config["access"]} <= {"sns", "custom"}


def test_its_own_boundary_limits_what_is_imported() -> None:
    reading = {"Statement": allow_statement("s3:*", "arn:aws:s3:::b-b-b*")}
    described = _described(READS, GRANTED, boundary_arn="arn:b", boundary=reading)
    assert described.config["access"] == [{"service": "s3", "bucket": "b-b-b", "allow": "read"}]
    assert any("not within its boundary" in note.text for note in described.notes)
    under = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    narrow = {"Statement": allow_statement("s3:*", "*", Condition=under)}
    assert not _described(READS, boundary_arn="arn:b", boundary=narrow).config["access"]
    but = {"Statement": [allow_statement("*", "*"), _deny("s3:GetObject", "*/in/*")]}
    assert "GetObject" not in str(
        _described(READS, boundary_arn="arn:b", boundary=but).config["access"]
    )
    everything_else = {"Statement": {"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}}
    described = _described(READS, GRANTED, boundary_arn="arn:b", boundary=everything_else)
    assert [entry["service"] for entry in described.config["access"]] == ["sqs"]


def test_a_boundary_that_cannot_be_read_makes_it_wider() -> None:
    assert _wider(_described(READS, boundary_arn="arn:b")) == [
        "its boundary arn:b, which you may not read"
    ]


def test_patterns_keep_what_can_be_granted() -> None:
    described = _described(allow_statement("sqs:*", QUEUE))
    kept = json.dumps(described.config["access"])
    assert "sqs:ChangeMessageVisibility" in kept or '"consume"' in kept
    assert '"send"' in kept


def test_notes_about_what_is_lost_are_few() -> None:
    actions = [f"ec2:Describe{name}" for name in ("Images", "Vpcs", "Hosts", "Tags", "Fleets")]
    described = _described(GRANTED, *(allow_statement(action, "*") for action in actions))
    lost = [note.text for note in described.notes if note.kind == "lost"]
    assert lost == [
        "ec2:DescribeImages, ec2:DescribeVpcs, ec2:DescribeHosts, ec2:DescribeTags "
        "and 1 more: reads what no entry of a config gives"
    ]


ROOT = {"AWS": "arn:aws:iam::444455556666:root"}
APP = "arn:aws:iam::444455556666:role/app"


@pytest.mark.parametrize(
    ("trust", "principals"),
    [
        (trust_of(ROOT, ArnEquals={"aws:PrincipalArn": APP}), [APP]),
        (trust_of(PARTNER, ArnEquals={"aws:PrincipalArn": APP}), [APP]),
        (trust_of({"AWS": [APP, "111122223333"]}, ArnEquals={"aws:PrincipalArn": APP}), [APP]),
        (trust_of({"AWS": f"{APP}2"}, ArnEquals={"aws:PrincipalArn": APP}), []),
        (trust_of(ROOT, ArnEquals={"aws:PrincipalArn": f"{APP}".replace("4444", "9999")}), []),
    ],
    ids=str,
)
def test_principals_are_those_that_the_condition_leaves(trust: Any, principals: Any) -> None:
    described = _described(GRANTED, trust={"Statement": trust})
    assert described.config.get("principals", []) == principals
    assert not _wider(described)


@pytest.mark.parametrize(
    "trust",
    [
        [trust_of(ROOT, ArnLike={"aws:PrincipalArn": f"{APP}*"})],
        [trust_of(ROOT, StringLike={"aws:PrincipalOrgID": "o-*"})],
        [trust_of(ROOT, BoolIfExists={"aws:MultiFactorAuthPresent": "true"})],
        [trust_of(ROOT), {**trust_of("*", StringNotEquals={"a": "b"}), "Effect": "Deny"}],
        [trust_of(ROOT), {**trust_of(ROOT), "Effect": "Deny"}],
    ],
    ids=str,
)
def test_a_restriction_of_trust_that_is_lost_is_told_as_wider(trust: Any) -> None:
    assert _wider(_described(GRANTED, trust={"Statement": trust}))


ACTIONS = ["s3:GetObject", "s3:Get*", "s3:ListBucket", "s3:PutObject", "s3:*", "sqs:*", "*"]
PLACES = ["b-b-b", "b-b-b/*", "b-b-b/in/*", "b-b-b/in/x", "*"]
statements = st.builds(
    lambda effect, action, places: {
        "Effect": effect,
        "Action": action,
        "Resource": [f"arn:aws:s3:::{place}" for place in places],
    },
    st.sampled_from(["Allow", "Allow", "Deny"]),
    st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=3, unique=True),
    st.lists(st.sampled_from(PLACES), min_size=1, max_size=3, unique=True),
)
REQUESTS = [
    ("s3:GetObject", "arn:aws:s3:::b-b-b/in/x"),
    ("s3:GetObject", "arn:aws:s3:::b-b-b/y"),
    ("s3:PutObject", "arn:aws:s3:::b-b-b/in/x"),
    ("s3:PutObject", "arn:aws:s3:::b-b-b/y"),
    ("s3:DeleteObject", "arn:aws:s3:::b-b-b/y"),
    ("s3:ListBucket", "arn:aws:s3:::b-b-b"),
]


def _permitted(policy: Any, action: str, resource: str) -> bool:
    judge = IAMPolicy(json.dumps(policy))
    return judge.is_action_permitted(action, resource) == PermissionResult.PERMITTED


@given(st.lists(statements, min_size=1, max_size=5), st.lists(statements, max_size=3))
def test_an_import_is_within_the_role_as_another_evaluator_sees_it(policy: Any, bound: Any) -> None:
    boundary = {"Statement": bound} if bound else None
    role = hand_made(*policy, boundary=boundary, boundary_arn="arn:b" if bound else None)
    described = import_role(role, SAID, STACK_CONTEXT, NOW)
    found = read_document(described.config, STACK_CONTEXT, NOW).config
    if found is None:
        return
    written = permissions_policy(found, resources_of(found), AWS_ENVIRONMENT)["Statement"]
    given_now = {"Statement": [{**one, "Condition": {}} for one in written]}
    for action, resource in REQUESTS:
        if _permitted(given_now, action, resource):
            assert _permitted({"Statement": policy}, action, resource), (action, resource)
            assert boundary is None or _permitted(boundary, action, resource), (action, resource)
