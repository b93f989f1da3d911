"""The words for what a plan does: what people read before they say yes."""

from typing import Any

import pytest

from latchkey.reports.summary.line import Line, by_risk
from tests.kit.examples import ACCOUNT, KEY_ARN, role_of, s3_entry, secret_entry
from tests.unit.summary_lines import IPS, ROLE, by, custom, lines


def test_new_role_is_described_whole() -> None:
    role = role_of(access=[s3_entry(prefix="acme"), secret_entry()], require_mfa=True, **IPS)
    assert lines(None, role) == [
        ("widens", "a new principal may assume: 444455556666"),
        ("widens", "adds LOOK UP on bucket data-bucket"),
        ("widens", "adds LIST, READ, PUT, DELETE on bucket data-bucket, folder acme/"),
        ("widens", "adds READ, LOOK UP on secret acme/api"),
        ("none", "creates the role"),
        ("none", "ends at 2030-01-01 00:00 UTC"),
        ("none", "needs MFA"),
        ("none", "only from source IPs 203.0.113.0/24"),
        ("none", "needs an external ID"),
        ("none", "sessions may last 1 hour"),
    ]


def test_what_stays_has_no_line() -> None:
    assert lines(by(), by()) == []


CHANGES: list[tuple[dict[str, Any], dict[str, Any], list[tuple[str, str]]]] = [
    (
        {},
        {"access": [s3_entry(prefix="acme")]},
        [("widens", "adds PUT, DELETE on bucket data-bucket, folder acme/")],
    ),
    (
        {},
        {"access": [s3_entry(allow="read")]},
        [("widens", "adds LIST, READ on bucket data-bucket")],
    ),
    (
        {"access": [s3_entry(allow="read")]},
        {},
        [
            ("narrows", "no longer allows LIST, READ on bucket data-bucket"),
            ("none", "still allows LIST, READ on bucket data-bucket, folder acme/"),
        ],
    ),
    (
        {"access": [secret_entry(secret="acme/reports-api"), s3_entry()]},
        {"access": [s3_entry()]},
        [("narrows", "no longer allows READ, LOOK UP on secret acme/reports-api")],
    ),
    (
        {},
        {"expires_at": "2030-01-31T00:00:00Z"},
        [("widens", "extends by 30 days, to 2030-01-31 00:00 UTC")],
    ),
    (
        {},
        {"expires_at": "2029-12-30T22:30:15Z"},
        [("narrows", "shortens by 1 day 1 hour, to 2029-12-30 22:30:15 UTC")],
    ),
    (
        {},
        {"starts_at": "2027-01-01T00:00:00Z"},
        [("narrows", "begins only at 2027-01-01 00:00 UTC")],
    ),
    (
        {"starts_at": "2027-01-01T00:00:00Z"},
        {},
        [("widens", "no longer waits for its begin at 2027-01-01 00:00 UTC")],
    ),
    (
        {"starts_at": "2027-01-02T00:00:00Z"},
        {"starts_at": "2027-01-01T12:00:00Z"},
        [("widens", "begins 12 hours earlier, at 2027-01-01 12:00 UTC")],
    ),
    (
        {"starts_at": "2027-01-01T00:00:00Z"},
        {"starts_at": "2027-01-01T00:45:00Z"},
        [("narrows", "begins 45 minutes later, at 2027-01-01 00:45 UTC")],
    ),
    (
        {},
        {"principals": ["444455556666", "111122223333"]},
        [("widens", "a new principal may assume: 111122223333")],
    ),
    (
        {"principals": ["444455556666", "111122223333"]},
        {},
        [("narrows", "principal 111122223333 may no longer assume")],
    ),
    (
        {},
        {"principals": [ROLE]},
        [
            ("narrows", "principal 444455556666 may no longer assume"),
            ("none", f"may still assume: {ROLE}"),
        ],
    ),
    (
        {"principals": [ROLE]},
        {},
        [("widens", "a new principal may assume: 444455556666")],
    ),
    (
        {},
        {"external_id": "acme-00000000"},
        [("widens", "external ID changes: only the new one is let in")],
    ),
    ({}, {"require_mfa": True}, [("narrows", "needs MFA")]),
    ({"require_mfa": True}, {}, [("widens", "no longer needs MFA")]),
    ({}, IPS, [("narrows", "only from source IPs 203.0.113.0/24")]),
    (IPS, {}, [("widens", "no longer only from source IPs 203.0.113.0/24")]),
    (
        IPS,
        {"source_ips": ["203.0.113.0/25"]},
        [
            (
                "narrows",
                "only from source IPs 203.0.113.0/25, "
                "instead of only from source IPs 203.0.113.0/24",
            )
        ],
    ),
    (
        {"organization_id": "o-a1b2c3d4e5"},
        {},
        [("widens", "no longer only from organization o-a1b2c3d4e5")],
    ),
    (
        {"max_session_duration": 3600},
        {"max_session_duration": 14400},
        [("widens", "sessions may last 4 hours instead of 1 hour")],
    ),
    (
        {"max_session_duration": 5400},
        {"max_session_duration": 3600},
        [("narrows", "sessions may last 1 hour instead of 1 hour 30 minutes")],
    ),
    ({}, {"purpose": "Other"}, [("none", "changes the description")]),
    (
        {},
        {"suspended": True},
        [
            (
                "narrows",
                "suspends: everything is denied at once, also to sessions already issued",
            )
        ],
    ),
    (
        {"suspended": True},
        {},
        [
            ("widens", "resumes: what the role allows is allowed again"),
            ("widens", "adds LOOK UP on bucket data-bucket"),
            ("widens", "adds LIST, READ on bucket data-bucket, folder acme/"),
        ],
    ),
    (
        custom("s3:GetObjectTagging", "arn:aws:s3:::data-bucket/in/*"),
        custom(
            "s3:GetObjectTagging",
            "arn:aws:s3:::data-bucket/in/*",
            StringEquals={"aws:PrincipalTag/team": ["red", "blue"]},
        ),
        [
            (
                "narrows",
                "READ TAGS on bucket data-bucket, folder in/: "
                "only if aws:PrincipalTag/team StringEquals blue, red",
            )
        ],
    ),
    (
        {},
        custom(
            "sqs:PurgeQueue",
            f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders",
            IpAddress={"aws:SourceIp": "203.0.113.0/24"},
        ),
        [
            ("widens", "adds PURGE on queue orders, only from source IPs 203.0.113.0/24"),
            ("narrows", "no longer allows LOOK UP on bucket data-bucket"),
            ("narrows", "no longer allows LIST, READ on bucket data-bucket, folder acme/"),
        ],
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), CHANGES, ids=lambda v: str(v)[:60])
def test_change_in_words(
    old: dict[str, Any], new: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert lines(by(**old), by(**new)) == expected


def test_use_of_a_key_is_described_with_what_it_is_bound_to() -> None:
    queue = {"service": "sqs", "queue": "orders", "allow": "send"}
    found = lines(by(access=[queue]), role_of(access=[queue], keys=True))
    name = KEY_ARN.rpartition("/")[2]
    assert found == [("widens", f"adds DECRYPT, MAKE DATA KEYS on key {name}, only through sqs")]


def test_more_actions_of_a_label_are_shown_by_their_names() -> None:
    read: dict[str, Any] = custom("s3:GetObject", "arn:aws:s3:::data-bucket/in/*")
    more = custom("s3:GetObjectAttributes", "arn:aws:s3:::data-bucket/in/*")
    both: dict[str, Any] = {"access": [*read["access"], *more["access"]]}
    told = ("widens", "adds READ (GetObjectAttributes) on bucket data-bucket, folder in/")
    assert lines(role_of(**read), role_of(**both)) == [told]


def test_role_that_goes_ends() -> None:
    assert lines(by(), None) == [("ends", "ends: the role is deleted, and all access with it")]


def test_role_that_is_suspended_from_the_start_says_so() -> None:
    assert lines(None, by(suspended=True))[:2] == [
        ("widens", "a new principal may assume: 444455556666"),
        ("changes", "creates the role suspended: everything is denied until it is resumed"),
    ]


def test_widening_without_words_is_described_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("latchkey.reports.summary.policy_lines.trust_lines", lambda *_: ())
    found = lines(by(), by(principals=["111122223333"]))
    text = "changes its policies in a way that has no words here; read the policy difference"
    assert found == [("widens", text)]


def test_very_long_summaries_are_cut_and_say_so() -> None:
    many = [Line("none", f"{n} {'x' * 1000}") for n in range(99)] + [Line("widens", "adds")]
    cut = by_risk(many, 2_000)
    assert [line.effect for line in cut] == ["widens", "none", "none", "none", "none"]
    assert cut[1].text.endswith("x…") and len(cut[1].text) == 601
    assert cut[-1].text == "and 96 more; the policy difference has them"


def test_cut_hides_no_widening() -> None:
    many = [Line("widens", f"adds {n}") for n in range(99)]
    assert [line.effect for line in by_risk(many, 0)] == ["widens"]
