"""Every rejection of a partner config: where it points, and what it says to write instead."""

from typing import Any

import pytest

from latchkey.config.reader import read_config
from tests.kit.examples import ACCOUNT, NOW, STACK_CONTEXT, config_bytes, read, s3_entry

SLUG = "2 to 22 of a-z, 0-9 and '-', a letter first"
TIME = "write RFC 3339 with an offset, like 2030-06-30T18:00:00Z"
BOOL = "write true or false, without quotes"
NUMBER = "write a whole number, without quotes"
FORMS = "write a 12-digit account ID, arn:aws:iam::<account>:root"

REJECTED: list[tuple[dict[str, Any], str, str]] = [
    ({"version": 2}, "/version", "2 is no version; here, write 1"),
    ({"version": 0}, "/version", "0 is no version; here, write 1"),
    ({"version": "1"}, "/version", NUMBER),
    ({"partner": "Acme"}, "/partner", SLUG),
    ({"partner": "a"}, "/partner", SLUG),
    ({"partner": "1acme"}, "/partner", SLUG),
    ({"grant": "x" * 23}, "/grant", SLUG),
    ({"grant": "a.b"}, "/grant", SLUG),
    ({"purpose": ""}, "/purpose", "must not be empty"),
    ({"purpose": "  "}, "/purpose", "must not be blank"),
    ({"purpose": "x" * 257}, "/purpose", "257 characters, where 256 are the most"),
    ({"purpose": "a\nb"}, "/purpose", "one line without control characters"),
    ({"owner": 7}, "/owner", "write a text in double quotes"),
    ({"principals": []}, "/principals", "write at least 1"),
    ({"principals": ["444455556666"] * 11}, "/principals", "11, where 10 are the most"),
    ({"principals": "444455556666"}, "/principals", "write a list, in [ ]"),
    ({"principals": ["*"]}, "/principals/0", "wildcards are not allowed in a principal"),
    ({"principals": ["arn:aws:iam::444455556666:role/*"]}, "/principals/0", FORMS),
    ({"principals": [ACCOUNT]}, "/principals/0", "is this account"),
    ({"principals": [444455556666]}, "/principals/0", "quote account IDs"),
    ({"principals": ["bob"]}, "/principals/0", FORMS),
    (
        {"principals": ["arn:aws-cn:iam::444455556666:root"]},
        "/principals/0",
        "roles cannot be assumed across partitions",
    ),
    (
        {"principals": ["arn:aws:sts::444455556666:assumed-role/a/b"]},
        "/principals/0",
        "write the ARN of its role",
    ),
    ({"external_id": None}, "/external_id", "write the value that the partner gives you"),
    ({"external_id": "x"}, "/external_id", "IAM takes external IDs of 2 to 1,224"),
    ({"external_id": "with space"}, "/external_id", "only letters, digits and _+=,.@:/-"),
    ({"external_id": "x" * 1225}, "/external_id", "1225 characters, where 1224 are the most"),
    ({"generate_external_id": True}, "/generate_external_id", "leave out `external_id`"),
    ({"generate_external_id": "yes"}, "/generate_external_id", BOOL),
    ({"expires_at": "2030-01-01"}, "/expires_at", TIME),
    ({"expires_at": "2030-01-01T00:00:00"}, "/expires_at", TIME),
    ({"expires_at": "30d"}, "/expires_at", TIME),
    ({"expires_at": 1893456000}, "/expires_at", TIME),
    ({"expires_at": "2030-02-30T00:00:00Z"}, "/expires_at", "no such time in the calendar"),
    ({"expires_at": "2020-01-01T00:00:00Z"}, "/expires_at", "is in the past"),
    ({"starts_at": "tomorrow"}, "/starts_at", TIME),
    ({"starts_at": "2031-01-01T00:00:00Z"}, "/starts_at", "is not before `expires_at`"),
    ({"max_session_duration": 3599}, "/max_session_duration", "write 3600 or more"),
    ({"max_session_duration": 43201}, "/max_session_duration", "write 43200 or less"),
    ({"max_session_duration": "1h"}, "/max_session_duration", NUMBER),
    ({"source_ips": []}, "/source_ips", "write at least 1"),
    ({"source_ips": ["0.0.0.0/0"]}, "/source_ips/0", "the whole internet"),
    ({"source_ips": ["example.com"]}, "/source_ips/0", "write CIDR, like 203.0.113.0/24"),
    ({"owner_contact": "the platform team"}, "/owner_contact", "like team@example.com"),
    ({"organization_id": "o-1"}, "/organization_id", "like o-a1b2c3d4e5"),
    ({"require_mfa": "yes"}, "/require_mfa", BOOL),
    ({"access": []}, "/access", "write at least 1"),
    ({"access": [s3_entry()] * 21}, "/access", "21, where 20 are the most"),
    ({"access": ["s3"]}, "/access/0", "write an object, in { }"),
    ({"access": [{"service": "ec2"}]}, "/access/0", "unknown service 'ec2'; one of 'account'"),
    ({"access": [{"service": "ec2"}]}, "/access/0", "by an entry of `account`"),
    ({"access": [{"service": "es"}]}, "/access/0", "by an entry of `account`"),
    ({"access": [{"service": "bedrock-runtime"}]}, "/access/0", 'here, write "bedrock"'),
    *(
        (
            {"access": [{"service": "account", "allow": policy}]},
            "/access/0/allow",
            f'write "{word}"',
        )
        for policy, word in [
            ("SecurityAudit", "audit"),
            ("job-function/ViewOnlyAccess", "view"),
            ("AWSBillingReadOnlyAccess", "billing"),
        ]
    ),
    ({"access": [{"bucket": "x"}]}, "/access/0", "name the `service`"),
    ({"access": [s3_entry(allow="all")]}, "/access/0/allow", "write 'read', 'write' or"),
    ({"access": [s3_entry(key="x")]}, "/access/0/key", "unknown field; remove it"),
    ({"status": "paused"}, "/status", "write 'active', 'suspended' or 'revoked'"),
    ({"tags": []}, "/tags", "write an object, in { }"),
    ({"tags": {"aws:x": "1"}}, "/tags", "does not begin with aws: or latchkey:; take it out"),
    ({"tags": {"": "1"}}, "/tags", "tag key '': a key has 1 to 128 characters"),
    ({"tags": {"Team": "a", "team": "b"}}, "/tags", "to IAM they are the same"),
    ({"tags": {"a": "b,c"}}, "/tags", "the value of tag 'a': IAM allows letters, digits, spaces"),
    ({"tags": {"a,b": "c"}}, "/tags", "tag key 'a,b': IAM allows letters, digits, spaces"),
    ({"tags": {str(n): "" for n in range(41)}}, "/tags", "41, where 40 are the most"),
    ({"purpos": "x"}, "/purpos", "did you mean 'purpose'?"),
    ({"color": "x"}, "/color", "unknown field; remove it"),
]


@pytest.mark.parametrize(
    ("changes", "path", "expected"), REJECTED, ids=lambda value: str(value)[:40]
)
def test_rejection_points_at_the_fault_and_says_what_to_write(
    changes: dict[str, Any], path: str, expected: str
) -> None:
    (problem,) = read(**changes).problems
    assert problem.path == path
    assert expected in problem.message


@pytest.mark.parametrize(
    "field", ["version", "partner", "purpose", "owner", "principals", "access"]
)
def test_field_that_is_missing_is_named(field: str) -> None:
    (problem,) = read(field).problems
    assert (problem.path, problem.message) == (f"/{field}", "missing; this field is required")


def test_exactly_one_field_says_how_access_ends() -> None:
    (problem,) = read("expires_at").problems
    assert problem.path == "/expires_at"
    assert "or `confirm_every_days` where the guardrails allow it" in problem.message
    (problem,) = read(confirm_every_days=30).problems
    assert (problem.path, "leave out one" in problem.message) == ("/confirm_every_days", True)
    assert read("expires_at", confirm_every_days=30).problems == ()
    (problem,) = read(
        "expires_at", confirm_every_days=30, starts_at="2031-01-01T00:00:00Z"
    ).problems
    assert (problem.path, "end before it begins" in problem.message) == ("/starts_at", True)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "the file is empty"),
        (b"{", "not JSON"),
        (b"[1]", "a JSON object, not an array"),
        (b"null", "a JSON object, not null"),
        (b"\xff\xfe{}", "save the file as UTF-8"),
        (config_bytes().decode().encode("utf-16"), "save the file as UTF-8"),
        (b"x" * 65_537, "1 more than the 64 KiB"),
        (b'{"a": 1, "a": 2}', "stands twice"),
        (b'{"a": NaN}', "NaN is not a JSON number"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_file_that_is_no_config_is_reported_as_a_whole(data: bytes, expected: str) -> None:
    (problem,) = read_config(data, STACK_CONTEXT, NOW).problems
    assert problem.path == ""
    assert expected in problem.message
