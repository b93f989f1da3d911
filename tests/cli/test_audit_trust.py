"""`latchkey audit`: who gets into a role from outside, by what its trust policy really asks."""

from typing import Any

import pytest

from latchkey_cli.auditing.trust import ways_in
from tests.cli.audited_roles import ASKED, UNTIL, rules_of, trust_of
from tests.kit.examples import ACCOUNT


@pytest.mark.parametrize(
    "trust",
    [
        trust_of({"Service": "lambda.amazonaws.com"}),
        trust_of({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}),
        trust_of({"AWS": ACCOUNT}),
        trust_of({"AWS": "*"}, {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}),
        trust_of({"AWS": "444455556666"}, Action="sts:TagSession"),
        trust_of({"AWS": "444455556666"}, Effect="Deny"),
        trust_of({"AWS": "*"}, {"StringEquals": {"AWS:PrincipalAccount": [ACCOUNT]}}),
        trust_of({"AWS": "444455556666"}, Action=None, NotAction="sts:Assume*"),
        {"Statement": [*trust_of("*")["Statement"], *trust_of("*", Effect="Deny")["Statement"]]},
    ],
)
def test_roles_that_let_nobody_from_outside_in_are_left_out(trust: Any) -> None:
    assert not ways_in(trust, ACCOUNT)


@pytest.mark.parametrize(
    ("trust", "rules"),
    [
        (trust_of({"AWS": "444455556666"}, ASKED | UNTIL), []),
        (trust_of({"AWS": "444455556666"}, UNTIL), ["no-external-id"]),
        (trust_of({"AWS": "111122223333"}, UNTIL), []),
        (trust_of({"AWS": "444455556666"}, ASKED), ["never-expires"]),
        (trust_of("*", ASKED | UNTIL), ["wildcard-principal"]),
        (trust_of({"AWS": ["*"]}, UNTIL), ["wildcard-principal", "no-external-id"]),
        (
            trust_of({"AWS": "444455556666"}, {"StringLike": {"sts:ExternalId": "*"}} | UNTIL),
            ["no-external-id"],
        ),
        (
            trust_of(
                {"AWS": "444455556666"},
                {"StringEqualsIfExists": {"sts:ExternalId": "partner-1234"}} | UNTIL,
            ),
            ["no-external-id"],
        ),
        (
            trust_of({"AWS": ["444455556666", "AROAEXAMPLEEXAMPLE123"]}, ASKED | UNTIL),
            ["principal-gone"],
        ),
        (
            {"Statement": {"Effect": "Allow", "NotPrincipal": {"AWS": ACCOUNT}, "Action": "sts:*"}},
            ["wildcard-principal", "no-external-id", "never-expires"],
        ),
    ],
)
def test_known_ways_to_go_wrong_are_found(trust: Any, rules: list[str]) -> None:
    assert rules_of(trust) == rules


def _given(operator: str, *values: str) -> dict[str, Any]:
    return {operator: {"sts:ExternalId": list(values)}}


@pytest.mark.parametrize(
    "condition",
    [
        _given("StringNotEquals", "partner-1234"),
        _given("StringNotLike", "partner-*"),
        _given("ForAllValues:StringEquals", "partner-1234"),
        _given("ForAllValues:StringLike", "partner-1234"),
        _given("StringEqualsIfExists", "partner-1234"),
        _given("StringLikeIfExists", "partner-1234"),
        _given("StringLike", "?*"),
        _given("StringLike", "*"),
        _given("StringLike", "partner-1234", "*"),
        _given("StringLike", "ab*"),
        _given("StringEquals", "${aws:PrincipalTag/id}"),
        _given("StringEquals"),
        _given("Null", "false"),
        {"Null": {"sts:ExternalId": False}},
        {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
        {"StringEquals": {"aws:PrincipalTag/sts:ExternalId": "partner-1234"}},
    ],
    ids=str,
)
def test_what_asks_for_no_external_id(condition: Any) -> None:
    assert rules_of(trust_of({"AWS": "444455556666"}, condition | UNTIL)) == ["no-external-id"]


@pytest.mark.parametrize(
    "condition",
    [
        _given("StringEquals", "partner-1234"),
        _given("StringLike", "partner-1234"),
        _given("stringequals", "partner-1234", "partner-5678"),
        _given("StringEqualsIgnoreCase", "partner-1234"),
        _given("ForAnyValue:StringEquals", "partner-1234"),
        {"StringEquals": {"STS:externalid": "partner-1234"}},
    ],
    ids=str,
)
def test_what_asks_for_an_external_id(condition: Any) -> None:
    assert rules_of(trust_of({"AWS": "444455556666"}, condition | UNTIL)) == []


def _denied(condition: Any, principal: Any = "*") -> dict[str, Any]:
    allow = trust_of({"AWS": "444455556666"})["Statement"]
    return {"Statement": allow + trust_of(principal, condition, Effect="Deny")["Statement"]}


@pytest.mark.parametrize(
    ("trust", "rules"),
    [
        (_denied(_given("StringNotEquals", "partner-1234")), ["never-expires"]),
        (_denied(_given("StringNotEqualsIfExists", "partner-1234")), ["never-expires"]),
        (_denied(_given("StringNotLike", "*")), ["no-external-id", "never-expires"]),
        (_denied(_given("Null", "true")), ["no-external-id", "never-expires"]),
        (
            _denied(_given("StringNotEquals", "partner-1234") | {"Bool": {"aws:x": "true"}}),
            ["no-external-id", "never-expires"],
        ),
        (
            _denied(_given("StringNotEquals", "partner-1234"), {"AWS": "999988887777"}),
            ["no-external-id", "never-expires"],
        ),
        (_denied({"DateGreaterThan": {"aws:CurrentTime": "2027-01-01"}}), ["no-external-id"]),
    ],
    ids=str,
)
def test_a_deny_for_everybody_else_asks_too(trust: Any, rules: list[str]) -> None:
    assert rules_of(trust) == rules


@pytest.mark.parametrize(
    ("condition", "ends"),
    [
        ({"DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}, False),
        ({"DateGreaterThanEquals": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}, False),
        ({"DateNotEquals": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}, False),
        ({"DateLessThan": {"aws:TokenIssueTime": "2027-01-01T00:00:00Z"}}, False),
        ({"DateLessThan": {"aws:CurrentTime": []}}, False),
        ({"DateLessThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}}, True),
        ({"DateLessThanEquals": {"AWS:currenttime": "2027-01-01T00:00:00Z"}}, True),
        ({"DateLessThanIfExists": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}}, True),
        ({"NumericLessThan": {"aws:EpochTime": "1800000000"}}, True),
    ],
    ids=str,
)
def test_only_an_end_is_an_end(condition: Any, ends: bool) -> None:
    found = rules_of(trust_of({"AWS": "444455556666"}, ASKED | condition))
    assert found == ([] if ends else ["never-expires"])


@pytest.mark.parametrize(
    ("condition", "rules"),
    [
        (_given("StringEquals", "x"), ["short-external-id"]),
        (_given("StringEquals", "partner-1234", "1234567"), ["short-external-id"]),
        (_given("StringEquals", "12345678"), []),
        (_given("StringLike", "partner-1234-*"), ["external-id-pattern"]),
    ],
    ids=str,
)
def test_external_ids_that_can_be_guessed_are_found(condition: Any, rules: list[str]) -> None:
    trust = trust_of({"AWS": "444455556666"}, condition | UNTIL)
    assert rules_of(trust, {}) == [*rules, "not-ours"]


@pytest.mark.parametrize(
    ("condition", "principals", "rules"),
    [
        (
            {"StringEquals": {"aws:PrincipalOrgID": "o-example123"}},
            ["organization o-example123"],
            ["whole-organization"],
        ),
        (
            {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-example123/*"}},
            ["organization o-example123"],
            ["whole-organization"],
        ),
        (
            {"StringEquals": {"aws:PrincipalAccount": "444455556666"}},
            ["444455556666"],
            ["no-external-id"],
        ),
        (
            {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::444455556666:role/*"}},
            ["arn:aws:iam::444455556666:role/*"],
            ["no-external-id"],
        ),
        (
            {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/vendor"}},
            ["*"],
            ["wildcard-principal", "no-external-id"],
        ),
        (
            {"StringNotEquals": {"aws:PrincipalOrgID": "o-example123"}},
            ["*"],
            ["wildcard-principal", "no-external-id"],
        ),
        (
            {"StringEqualsIfExists": {"aws:PrincipalAccount": "444455556666"}},
            ["*"],
            ["wildcard-principal", "no-external-id"],
        ),
        (
            {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-example123"}},
            ["*"],
            ["wildcard-principal", "no-external-id"],
        ),
        (
            {"StringLike": {"aws:PrincipalOrgID": "o-*"}},
            ["*"],
            ["wildcard-principal", "no-external-id"],
        ),
    ],
    ids=str,
)
def test_anybody_is_who_the_conditions_leave(
    condition: Any, principals: list[str], rules: list[str]
) -> None:
    trust = trust_of({"AWS": "*"}, condition | UNTIL)
    assert [way.shown for way in ways_in(trust, ACCOUNT)] == principals
    assert rules_of(trust) == rules


def test_a_role_left_with_unique_ids_only_is_found() -> None:
    trust = trust_of({"AWS": "AROAEXAMPLEEXAMPLE123"}, ASKED | UNTIL)
    assert rules_of(trust) == ["principal-gone"]
