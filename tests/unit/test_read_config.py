"""A config is accepted, or rejected with the right JSON pointers."""

import json
from typing import Any

import pytest

from latchkey.config.reader import read_config
from tests.kit.examples import (
    ACCOUNT,
    NOW,
    OTHER_ACCOUNT,
    PARTNER_ACCOUNT,
    STACK_CONTEXT,
    config_bytes,
    read,
    s3_entry,
    secret_entry,
)

ROLE = f"arn:aws:iam::{PARTNER_ACCOUNT}:role"

VALID: list[dict[str, Any]] = [
    {},
    {"partner": "ab"},
    {"partner": "a" * 22, "grant": "b" * 22},
    {"principals": [f"{ROLE}/{n}" for n in range(10)]},
    {"principals": [f"arn:aws:iam::{PARTNER_ACCOUNT}:root"]},
    {"principals": [f"{ROLE}/a/b/c/name+=,.@-_"]},
    {"principals": [f"arn:aws:iam::{PARTNER_ACCOUNT}:user/path/name"]},
    {"external_id": "a" * 2},
    {"external_id": [f"acme-{n:04}" for n in range(5)]},
    {"external_id": "aA0_+=,.@:/-"},
    {"external_id": "a" * 1224},
    {"external_id": None, "generate_external_id": True},
    {"starts_at": "2029-12-31T23:59:59Z"},
    {"starts_at": None},
    {"expires_at": "2026-01-15T12:00:01Z"},
    {"expires_at": "2030-01-01T00:00:00.123456789+14:00"},
    {"expires_at": "2020-01-01T00:00:00Z", "status": "revoked"},
    {"max_session_duration": 3600},
    {"max_session_duration": 43200},
    {"source_ips": ["203.0.113.0/24", "2001:db8::/32", "203.0.113.9"]},
    {"organization_id": "o-a1b2c3d4e5"},
    {"require_mfa": True},
    {"access": [s3_entry(bucket=f"bucket-{n}") for n in range(20)]},
    {"access": [s3_entry(allow="read"), s3_entry(allow="write"), secret_entry()]},
    {
        "access": [
            secret_entry(secret=f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:a/b-AbCdEf")
        ]
    },
    {"status": "suspended"},
    {"tags": {"Cost Centre": "a:b/c=d+e-f@g.h_i Ünï", "empty": ""}},
    {"purpose": "p" * 256, "owner": "Ünïcode (team)"},
]


@pytest.mark.parametrize("changes", VALID, ids=lambda c: str(c)[:60])
def test_valid_config_is_accepted(changes: dict[str, Any]) -> None:
    found = read(**changes)
    assert found.problems == ()
    assert found.config is not None
    assert str(found.grant) == f"{found.config.partner}.{found.config.grant}"


INVALID: list[tuple[dict[str, Any], str]] = [
    ({"version": 2}, "/version"),
    ({"version": "1"}, "/version"),
    ({"version": True}, "/version"),
    ({"version": 1.0}, "/version"),
    *(
        ({"partner": slug}, "/partner")
        for slug in ("a", "A-b", "1ab", "-ab", "a_b", "a.b", "a b", "äb", "a" * 23, "ab\n", "", 7)
    ),
    ({"grant": "Main"}, "/grant"),
    ({"grant": None}, "/grant"),
    ({"purpose": ""}, "/purpose"),
    ({"purpose": "   "}, "/purpose"),
    ({"purpose": "two\nlines"}, "/purpose"),
    ({"owner": "o" * 257}, "/owner"),
    ({"principals": []}, "/principals"),
    ({"principals": PARTNER_ACCOUNT}, "/principals"),
    ({"principals": [f"{ROLE}/{n}" for n in range(11)]}, "/principals"),
    *(
        ({"principals": [OTHER_ACCOUNT, wrong]}, "/principals/1")
        for wrong in (
            "*",
            "arn:aws:iam::*:root",
            f"{ROLE}/*",
            f"{ROLE}/app-?",
            f"arn:aws:sts::{PARTNER_ACCOUNT}:assumed-role/a/b",
            f"arn:aws:iam::{PARTNER_ACCOUNT}:group/a",
            f"arn:aws:iam::{PARTNER_ACCOUNT}:role/",
            f"arn:aws:iam::{PARTNER_ACCOUNT}:role",
            "arn:aws:iam::44445555666:root",
            "44445555666",
            "4444555566666",
            "٤٤٤٤٥٥٥٥٦٦٦٦",
            f"{PARTNER_ACCOUNT}\n",
            444455556666,
            "lambda.amazonaws.com",
            "AROAEXAMPLEID",
            "",
            None,
            ACCOUNT,
            f"arn:aws:iam::{ACCOUNT}:role/own",
            f"arn:aws-cn:iam::{PARTNER_ACCOUNT}:root",
        )
    ),
    ({"external_id": None}, "/external_id"),
    ({"external_id": "a"}, "/external_id"),
    ({"external_id": ""}, "/external_id"),
    ({"external_id": "a" * 1225}, "/external_id"),
    ({"external_id": "with space"}, "/external_id"),
    ({"external_id": "wild*card?"}, "/external_id"),
    ({"external_id": "ümläute-12"}, "/external_id"),
    ({"external_id": 123456789}, "/external_id"),
    ({"generate_external_id": True}, "/generate_external_id"),
    ({"external_id": None, "generate_external_id": False}, "/external_id"),
    ({"generate_external_id": "true"}, "/generate_external_id"),
    *(
        ({"expires_at": time}, "/expires_at")
        for time in (
            "2030-01-01T00:00:00",
            "2030-01-01",
            "2030-01-01 00:00:00Z",
            "2030-02-30T00:00:00Z",
            "2030-01-01T25:00:00Z",
            "2030-01-01T00:00:00+24:00",
            "in 30 days",
            "",
            1893456000,
            None,
            "2026-01-15T12:00:00Z",
            "2020-01-01T00:00:00Z",
        )
    ),
    ({"starts_at": "2030-01-01T00:00:00Z"}, "/starts_at"),
    ({"starts_at": "2031-01-01T00:00:00Z"}, "/starts_at"),
    ({"starts_at": "2029-01-01T00:00:00"}, "/starts_at"),
    ({"max_session_duration": 3599}, "/max_session_duration"),
    ({"max_session_duration": 43201}, "/max_session_duration"),
    ({"max_session_duration": "3600"}, "/max_session_duration"),
    ({"source_ips": []}, "/source_ips"),
    ({"source_ips": ["203.0.113.5/24"]}, "/source_ips/0"),
    ({"source_ips": ["203.0.113.0/24", "0.0.0.0/0"]}, "/source_ips/1"),
    ({"source_ips": ["::/0"]}, "/source_ips/0"),
    ({"organization_id": "org-1"}, "/organization_id"),
    ({"require_mfa": "yes"}, "/require_mfa"),
    ({"access": []}, "/access"),
    ({"access": [s3_entry(bucket=f"bucket-{n}") for n in range(21)]}, "/access"),
    ({"access": {}}, "/access"),
    ({"access": ["s3"]}, "/access/0"),
    ({"access": [{}]}, "/access/0"),
    ({"access": [{"service": "ec2"}]}, "/access/0"),
    ({"access": [s3_entry(), s3_entry(allow="delete")]}, "/access/1/allow"),
    ({"access": [s3_entry(bucket="arn:aws:s3:::data")]}, "/access/0/bucket"),
    ({"access": [s3_entry(bucket="*")]}, "/access/0/bucket"),
    ({"access": [s3_entry(bucket="a..b")]}, "/access/0/bucket"),
    ({"access": [s3_entry(bucket="Data")]}, "/access/0/bucket"),
    ({"access": [s3_entry(key="x")]}, "/access/0/key"),
    *(
        ({"access": [s3_entry(prefix=prefix)]}, "/access/0/prefix")
        for prefix in ("", "/in", "in//", "a/../b", "in*", "in?", "${aws:username}", "ü", "/")
    ),
    ({"access": [secret_entry(secret="a*")]}, "/access/0/secret"),
    ({"access": [secret_entry(secret="")]}, "/access/0/secret"),
    ({"access": [secret_entry(allow="write")]}, "/access/0/allow"),
    ({"status": "paused"}, "/status"),
    ({"status": "expired"}, "/status"),
    ({"tags": {"aws:x": "1"}}, "/tags"),
    ({"tags": {"Latchkey:Grant": "1"}}, "/tags"),
    ({"tags": {"a": "comma, separated"}}, "/tags"),
    ({"tags": {"a": "tab\tbed"}}, "/tags"),
    ({"tags": {"a": "two\nlines"}}, "/tags"),
    ({"tags": {"Team": "a", "team": "b"}}, "/tags"),
    ({"tags": {"": "1"}}, "/tags"),
    ({"tags": {"a": "v" * 257}}, "/tags"),
    ({"tags": {"a": 1}}, "/tags/a"),
    ({"tags": {f"t{n}": "" for n in range(41)}}, "/tags"),
    ({"Partner": "acme"}, "/Partner"),
    ({"a/b~c": 1}, "/a~1b~0c"),
]


@pytest.mark.parametrize(
    ("changes", "path"), INVALID, ids=[f"{path}-{str(c)[:50]!a}" for c, path in INVALID]
)
def test_invalid_config_is_rejected_at_the_right_place(changes: dict[str, Any], path: str) -> None:
    found = read(**changes)
    assert found.config is None
    assert [problem.path for problem in found.problems] == [path]
    assert found.problems[0].message


REQUIRED = ("version", "partner", "purpose", "owner", "principals", "expires_at", "access")


@pytest.mark.parametrize("name", REQUIRED)
def test_each_required_field_is_missed(name: str) -> None:
    assert f"/{name}" in [problem.path for problem in read(name).problems]


def test_all_problems_are_reported_at_once_and_in_order() -> None:
    wrong: dict[str, Any] = {
        "partner": "A",
        "principals": ["*", ACCOUNT],
        "external_id": "x",
        "starts_at": "2031-01-01T00:00:00Z",
        "access": [s3_entry(bucket="B"), {"service": "ec2"}],
        "colour": "blue",
    }
    paths = [problem.path for problem in read("owner", **wrong).problems]
    assert paths == sorted(paths)
    assert paths == [
        "/access/0/bucket",
        "/access/1",
        "/colour",
        "/external_id",
        "/owner",
        "/partner",
        "/principals/0",
        "/principals/1",
        "/starts_at",
    ]


def test_accepted_config_does_not_turn_invalid_by_expiring() -> None:
    data = config_bytes(expires_at="2020-01-01T00:00:00Z")
    assert read_config(data, STACK_CONTEXT, NOW).problems
    assert read_config(data, STACK_CONTEXT, None).config is not None


def test_grant_of_an_invalid_config_is_known_when_it_is_named() -> None:
    assert str(read(purpose="").grant) == "acme.main"
    assert str(read("grant", partner="beta", colour=1).grant) == "beta.main"
    assert read(partner="B").grant is None
    assert read_config(b"{", STACK_CONTEXT, NOW).grant is None


def test_unknown_field_that_is_nearly_right_gets_the_right_name() -> None:
    assert "'principals'" in read(principal="x").problems[0].message


def test_number_of_problems_is_bounded_so_that_they_can_be_reported() -> None:
    many = json.dumps({f"a{n}": 1 for n in range(5500)}).encode()
    problems = read_config(many, STACK_CONTEXT, NOW).problems
    assert len(problems) == 101
    assert "more problems" in problems[-1].message
