"""What ends the sessions that were issued already, and when they have to end."""

from datetime import timedelta
from typing import Any

import pytest

from latchkey.grants.sessions import (
    allows_again,
    cut_off_at,
    cut_off_in,
    narrows,
    suspended_policy,
    with_cut_off,
)
from latchkey.iam.permit import denies_all
from tests.kit.examples import NOW, OTHER_ACCOUNT, PARTNER_ACCOUNT, policy, role_of

ALLOW = policy("s3:GetObject")
AT = "2026-01-15T12:01:00Z"
ROLE = f"arn:aws:iam::{PARTNER_ACCOUNT}:role/exporter"


def _trust(**changes: Any) -> dict[str, Any]:
    return role_of(**changes).trust_policy


NARROWING: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("another principal", {}, {"principals": [OTHER_ACCOUNT]}),
    ("a principal goes", {"principals": [PARTNER_ACCOUNT, OTHER_ACCOUNT]}, {}),
    ("a role instead of its account", {}, {"principals": [ROLE]}),
    ("one goes, another comes", {"principals": [ROLE]}, {"principals": [OTHER_ACCOUNT]}),
    ("another external ID", {}, {"external_id": "acme-another-1"}),
    (
        "one external ID fewer",
        {"external_id": ["acme-1111", "acme-2222"]},
        {"external_id": "acme-1111"},
    ),
    (
        "one comes, another goes",
        {"external_id": ["acme-1111", "acme-2222"]},
        {"external_id": ["acme-2222", "acme-3333"]},
    ),
    ("networks", {}, {"source_ips": ["203.0.113.0/24"]}),
    ("a smaller network", {"source_ips": ["203.0.113.0/24"]}, {"source_ips": ["203.0.113.0/25"]}),
    ("other networks", {"source_ips": ["203.0.113.0/24"]}, {"source_ips": ["198.51.100.0/24"]}),
    ("MFA", {}, {"require_mfa": True}),
    ("an organization", {}, {"organization_id": "o-abcdefghij"}),
]


@pytest.mark.parametrize(
    ("old", "new"), [row[1:] for row in NARROWING], ids=[row[0] for row in NARROWING]
)
def test_trust_that_keeps_somebody_out_narrows(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert narrows(_trust(**old), _trust(**new))


WIDENING: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("nothing", {}, {}),
    ("a further principal", {}, {"principals": [PARTNER_ACCOUNT, OTHER_ACCOUNT]}),
    ("the account instead of a role", {"principals": [ROLE]}, {}),
    ("a further network", {"source_ips": ["203.0.113.0/25"]}, {"source_ips": ["203.0.113.0/24"]}),
    (
        "one external ID more",
        {"external_id": "acme-1111"},
        {"external_id": ["acme-0000", "acme-1111"]},
    ),
    (
        "the same external IDs",
        {"external_id": ["acme-1111", "acme-2222"]},
        {"external_id": ["acme-2222", "acme-1111"]},
    ),
    ("no network", {"source_ips": ["203.0.113.0/24"]}, {}),
    ("no MFA", {"require_mfa": True}, {}),
    ("an earlier end", {}, {"expires_at": "2028-01-01T00:00:00Z"}),
    ("a later end", {}, {"expires_at": "2031-01-01T00:00:00Z"}),
    ("a begin", {}, {"starts_at": "2027-01-01T00:00:00Z"}),
    ("no begin", {"starts_at": "2027-01-01T00:00:00Z"}, {}),
]


@pytest.mark.parametrize(
    ("old", "new"), [row[1:] for row in WIDENING], ids=[row[0] for row in WIDENING]
)
def test_trust_that_only_widens_or_has_other_dates_narrows_nothing(
    old: dict[str, Any], new: dict[str, Any]
) -> None:
    assert not narrows(_trust(**old), _trust(**new))


def test_spelling_of_condition_keys_narrows_nothing() -> None:
    old, new = _trust(require_mfa=True), _trust(require_mfa=True)
    new["Statement"][0]["Condition"]["Bool"] = {"AWS:multifactorauthpresent": ["true"]}
    assert not narrows(old, new)


def test_cut_off_is_a_minute_after_the_writing_and_replaces_the_one_before() -> None:
    assert cut_off_at(NOW) == AT
    once = with_cut_off(ALLOW, "2026-01-01T00:00:00Z")
    twice = with_cut_off(once, cut_off_at(NOW + timedelta(hours=1)))
    assert cut_off_in(once) == "2026-01-01T00:00:00Z"
    assert cut_off_in(twice) == "2026-01-15T13:01:00Z"
    assert len(twice["Statement"]) == 2
    assert not denies_all(twice)
    assert with_cut_off(twice, None) == ALLOW


OTHERS: dict[str, dict[str, Any]] = {
    "fewer actions": {"Action": "s3:*"},
    "all but some": {"NotAction": "s3:*"},
    "fewer resources": {"Resource": "arn:aws:s3:::data-bucket/*"},
    "another condition": {"Condition": {"DateLessThan": {"aws:CurrentTime": AT}}},
    "no condition": {"Condition": {}, "Resource": ["arn:aws:s3:::data-bucket"]},
    "another form of time": {
        "Condition": {"DateLessThan": {"aws:TokenIssueTime": "2026-01-15T12:01:00.000Z"}}
    },
    "an Allow": {"Effect": "Allow"},
    "another Sid": {"Sid": "Mine"},
}


@pytest.mark.parametrize("changes", OTHERS.values(), ids=OTHERS)
def test_what_is_not_exactly_our_cut_off_is_somebody_elses_and_stays(
    changes: dict[str, Any],
) -> None:
    statement = {**with_cut_off(ALLOW, AT)["Statement"][-1], **changes}
    if "NotAction" in changes:
        del statement["Action"]
    found = {**ALLOW, "Statement": [*ALLOW["Statement"], statement]}
    assert cut_off_in(found) is None
    assert with_cut_off(found, None) == found
    after = with_cut_off(found, AT)["Statement"]
    sids = [one["Sid"] for one in after if "Sid" in one]
    assert len(sids) == len({*sids}), "IAM takes no Sid twice"
    assert {k: v for k, v in after[1].items() if k != "Sid"} == {
        k: v for k, v in statement.items() if k != "Sid"
    }


def test_statement_that_is_no_list_is_one() -> None:
    alone = {**ALLOW, "Statement": ALLOW["Statement"][0]}
    assert with_cut_off(alone, None) == ALLOW
    assert with_cut_off(alone, AT) == with_cut_off(ALLOW, AT)


def test_policy_that_denies_everything_needs_no_cut_off() -> None:
    assert with_cut_off(suspended_policy(), AT) == suspended_policy()
    assert cut_off_in(suspended_policy()) is cut_off_in(None) is None


def test_denial_that_goes_lets_sessions_go_on() -> None:
    assert allows_again(suspended_policy(), ALLOW)
    assert allows_again(policy("s3:GetObject", "Deny"), ALLOW)
    assert not allows_again(with_cut_off(ALLOW, AT), ALLOW), "a cut-off of ours is told by its own"
    assert not allows_again(ALLOW, policy("s3:PutObject"))
    assert not allows_again(None, ALLOW)
