"""Guardrails: each rule, kept and broken, and the message that names it."""

from collections.abc import Sequence
from typing import Any

import pytest

from latchkey.config.guardrails import (
    Guardrails,
    GuardrailsInvalid,
    guardrail_problems,
    read_guardrails,
)
from latchkey.config.problem import Problem
from latchkey.config.reach_rules import resource_problems
from latchkey.services.resource_info import ResourceInfo
from tests.kit.examples import (
    AWS_ENVIRONMENT,
    NOW,
    OTHER_ACCOUNT,
    PARTNER_ACCOUNT,
    config,
    s3_entry,
    secret_entry,
)

BUCKET = "arn:aws:s3:::data-bucket"
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:acme/api-AbCdEf"
CUSTOM = {
    "service": "custom",
    "statements": [{"Action": "s3:GetObjectTagging", "Resource": [f"{BUCKET}/*"]}],
}


def _problems(rules: dict[str, Any], **changes: Any) -> list[Problem]:
    guardrails = Guardrails.model_validate({"version": 1, **rules})
    return sorted(guardrail_problems(dict(config(**changes)), guardrails, NOW))


def _resources(
    rules: dict[str, Any], *access: Any, resources: Sequence[str] = (BUCKET,)
) -> list[str]:
    guardrails = Guardrails.model_validate({"version": 1, **rules})
    found = tuple(map(ResourceInfo, resources))
    asked = config(access=list(access)).access
    problems = resource_problems(asked, [found], guardrails, AWS_ENVIRONMENT)
    return [problem.message for problem in problems]


@pytest.mark.parametrize(
    ("rules", "changes", "problem"),
    [
        (
            {"allowed_partner_accounts": [OTHER_ACCOUNT]},
            {"principals": [OTHER_ACCOUNT, PARTNER_ACCOUNT]},
            Problem(
                "/principals/1",
                "guardrail allowed_partner_accounts: account 444455556666 is not an allowed "
                "partner account",
            ),
        ),
        (
            {"allowed_services": ["sqs", "sns"]},
            {},
            Problem(
                "/access/0/service",
                "guardrail allowed_services: s3 is not among the allowed services: sqs, sns",
            ),
        ),
        (
            {},
            {"access": [CUSTOM]},
            Problem(
                "/access/0/service",
                "guardrail allow_custom: custom statements are not allowed; use the services of "
                "the catalogue",
            ),
        ),
        (
            {"max_grant_days": 30},
            {"expires_at": "2026-02-14T12:00:01Z"},
            Problem(
                "/expires_at",
                "guardrail max_grant_days: a grant lasts 30 days at most; write "
                "2026-02-14T12:00:00Z or earlier",
            ),
        ),
        (
            {"max_session_duration": 3600},
            {"max_session_duration": 3601},
            Problem(
                "/max_session_duration",
                "guardrail max_session_duration: a session lasts 3600 seconds at most",
            ),
        ),
        (
            {"required_tags": ["team", "cost"]},
            {"tags": {"team": "blue"}},
            Problem("/tags", "guardrail required_tags: add the tag 'cost'"),
        ),
    ],
)
def test_broken_rule_is_named(
    rules: dict[str, Any], changes: dict[str, Any], problem: Problem
) -> None:
    assert _problems(rules, **changes) == [problem]


@pytest.mark.parametrize(
    ("rules", "changes"),
    [
        ({"allowed_partner_accounts": [PARTNER_ACCOUNT]}, {}),
        ({"allowed_services": ["s3"]}, {}),
        ({"allow_custom": True}, {"access": [CUSTOM]}),
        ({"max_grant_days": 30}, {"expires_at": "2026-02-14T12:00:00Z"}),
        (
            {"max_grant_days": 30},
            {"starts_at": "2026-06-01T00:00:00Z", "expires_at": "2026-07-01T00:00:00Z"},
        ),
        ({"max_session_duration": 3600}, {}),
        ({"required_tags": ["team"]}, {"tags": {"team": "blue"}}),
    ],
)
def test_kept_rule_is_no_problem(rules: dict[str, Any], changes: dict[str, Any]) -> None:
    assert _problems(rules, **changes) == []


def test_every_broken_rule_is_reported_at_once() -> None:
    rules = {
        "allowed_partner_accounts": [],
        "allowed_services": [],
        "max_grant_days": 1,
        "required_tags": ["team"],
    }
    assert len(_problems(rules)) == 4


@pytest.mark.parametrize("pattern", [f"{BUCKET}/in/*", f"{BUCKET}/*", "arn:aws:s3:::data-*"])
def test_resource_within_an_allowed_pattern_is_no_problem(pattern: str) -> None:
    assert _resources({"allowed_resources": [pattern]}, s3_entry(prefix="in")) == []


@pytest.mark.parametrize(
    "pattern", [BUCKET, f"{BUCKET}/in/*", "arn:aws:s3:::other", "arn:aws:s3:::data"]
)
def test_resource_beyond_all_allowed_patterns_is_reported(pattern: str) -> None:
    assert _resources({"allowed_resources": [pattern]}, s3_entry()) == [
        f"guardrail allowed_resources: {BUCKET}/* lies in none of the allowed patterns"
    ]


@pytest.mark.parametrize(
    "pattern", [f"{BUCKET}/pay/*", f"{BUCKET}/pay/roll.csv", "arn:aws:s3:::d*"]
)
def test_entry_that_could_reach_what_is_denied_is_reported(pattern: str) -> None:
    assert _resources({"denied_resources": [pattern]}, s3_entry()) == [
        f"guardrail denied_resources: {BUCKET}/* touches {pattern}"
    ]


def test_what_lies_below_a_path_or_a_table_counts_as_reached() -> None:
    path = "arn:aws:ssm:us-east-1:123456789012:parameter/app/"
    below = {"service": "ssm", "parameter": "/app/", "allow": "read"}
    denied = {"denied_resources": [f"{path}secret"]}
    assert len(_resources(denied, below, resources=[path])) == 1
    table = "arn:aws:dynamodb:us-east-1:123456789012:table/items"
    items = {"service": "dynamodb", "table": "items", "allow": "read"}
    denied = {"denied_resources": [f"{table}/index/by-salary"]}
    assert len(_resources(denied, items, resources=[table])) == 1


def test_folder_beside_the_denied_one_is_no_problem() -> None:
    rules = {"denied_resources": [f"{BUCKET}/pay/*"]}
    assert _resources(rules, s3_entry(prefix="in")) == []


def test_each_resource_of_a_custom_statement_has_to_be_allowed() -> None:
    other = "arn:aws:s3:::other-bucket/*"
    custom = {
        "service": "custom",
        "statements": [{"Action": "s3:GetObjectTagging", "Resource": [f"{BUCKET}/*", other]}],
    }
    both = (BUCKET, "arn:aws:s3:::other-bucket")
    (message,) = _resources({"allowed_resources": [f"{BUCKET}/*"]}, custom, resources=both)
    assert other in message


def test_entry_whose_lookup_failed_is_left_to_its_own_problem() -> None:
    rules = Guardrails.model_validate({"version": 1, "denied_resources": ["arn:*"]})
    asked = config(access=[s3_entry(), secret_entry()]).access
    (problem,) = resource_problems(asked, [None, (ResourceInfo(SECRET),)], rules, AWS_ENVIRONMENT)
    assert problem.path == "/access/1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "empty"),
        ("{", "JSON"),
        ('{"version": 2}', "/version"),
        ('{"version": 1, "max_grant_day": 3}', "/max_grant_day"),
        ('{"version": 1, "allowed_partner_accounts": ["*"]}', "/allowed_partner_accounts/0"),
        ('{"version": 1, "denied_resources": ["my-bucket"]}', "/denied_resources/0"),
        ('{"version": 1, "allow_custom": "yes"}', "/allow_custom"),
        (
            '{"version": 1, "approval": {"groups": {"a": {"members": ["x"]}}, "rules": []}}',
            "/approval/groups/a/members/0: x is no unique ID",
        ),
    ],
)
def test_guardrails_that_are_not_valid_are_refused_with_the_place(text: str, expected: str) -> None:
    with pytest.raises(GuardrailsInvalid, match=expected):
        read_guardrails(text)
