"""Web identities as principals: what a config may say, and the trust policy that it makes."""

import json
from typing import Any

import pytest

from latchkey.config.guardrails import Guardrails, guardrail_problems
from latchkey.config.reader import read_document
from latchkey.config.web_identity_rules import web_identity_broken
from latchkey.grants.policies import trust_policy
from latchkey.iam.canonical import same_policy
from sandbox.iam.authorisation import may_assume
from tests.kit.examples import (
    ACCOUNT,
    AWS_ENVIRONMENT,
    NOW,
    PARTNER_ACCOUNT,
    STACK_CONTEXT,
    config_document,
)
from tests.kit.tokens import AUDIENCE, GITHUB, SUBJECT, identity

ARN = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"
GOOGLE = {"oidc_provider": "accounts.google.com", "subject": "100018646976219416293"}


def _read(*identities: Any, **changes: Any) -> Any:
    document = config_document("external_id", principals=list(identities))
    return read_document(document | changes, STACK_CONTEXT, NOW)


def _problems(*identities: Any, **changes: Any) -> dict[str, str]:
    return {one.path: one.message for one in _read(*identities, **changes).problems}


def _trust(*identities: Any, **changes: Any) -> dict[str, Any]:
    config = _read(*identities, **changes).config
    assert config, _read(*identities, **changes).problems
    return trust_policy(config, (), AWS_ENVIRONMENT, f"arn:aws:iam::{ACCOUNT}:role/partners/r")


def _broken(rules: dict[str, Any], *identities: Any) -> dict[str, str]:
    fields, guardrails = _read(*identities).sound, Guardrails.model_validate({"version": 1} | rules)
    found = [*web_identity_broken(fields, guardrails), *guardrail_problems(fields, guardrails, NOW)]
    return {one.path: one.message for one in found}


def test_trust_policy_names_the_provider_and_asks_whose_token_it_is() -> None:
    (statement,) = _trust(identity(), source_ips=["203.0.113.0/24"])["Statement"]
    assert statement == {
        "Sid": "WebIdentity",
        "Effect": "Allow",
        "Principal": {"Federated": [ARN]},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {f"{GITHUB}:aud": AUDIENCE, f"{GITHUB}:sub": SUBJECT},
            "IpAddress": {"aws:SourceIp": ["203.0.113.0/24"]},
            "DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"},
        },
    }


@pytest.mark.parametrize(
    ("provider", "asked"),
    [
        ("accounts.google.com", {"StringEquals": {":oaud": "a", ":sub": "1"}}),
        (
            "cognito-identity.amazonaws.com",
            {
                "StringEquals": {":aud": "a", ":sub": "1"},
                "ForAnyValue:StringLike": {":amr": "authenticated"},
            },
        ),
        ("graph.facebook.com", {"StringEquals": {":app_id": "a", ":id": "1"}}),
        ("www.amazon.com", {"StringEquals": {":app_id": "a", ":user_id": "1"}}),
    ],
)
def test_providers_of_aws_have_keys_of_their_own(provider: str, asked: dict[str, Any]) -> None:
    one = {"oidc_provider": provider, "audience": "a", "subject": "1"}
    (statement,) = _trust(one)["Statement"]
    assert statement["Principal"] == {"Federated": [provider]}
    del statement["Condition"]["DateLessThan"]
    assert statement["Condition"] == {
        operator: {f"{provider}{key}": value for key, value in keys.items()}
        for operator, keys in asked.items()
    }


def test_each_audience_and_each_way_of_comparing_has_a_statement_of_its_own() -> None:
    """Conditions of one statement all have to hold, so what is merged would let in nobody."""
    patterns = identity(subject=["repo:acme/app:*", "repo:acme/web:environment:prod"])
    trust = _trust(patterns, identity(audience="other"), identity(), session_tags=["team"])
    let_in = [one for one in trust["Statement"] if one["Sid"].startswith("WebIdentity")]
    assert [one["Sid"] for one in let_in] == ["WebIdentity", "WebIdentity1", "WebIdentity2"]

    def lets_in(subject: str, audience: str = AUDIENCE) -> bool:
        keys = {
            f"{GITHUB}:sub": subject,
            f"{GITHUB}:aud": audience,
            "aws:CurrentTime": NOW.isoformat(),
        }
        return may_assume(trust, {ARN}, keys, "sts:AssumeRoleWithWebIdentity")

    assert lets_in("repo:acme/app:ref:refs/heads/x")
    assert lets_in("repo:acme/web:environment:prod")
    assert lets_in(SUBJECT, "other")
    assert not lets_in("repo:acme/app:ref:refs/heads/x", "other")
    assert not lets_in("repo:acme/web:environment:dev")
    assert not lets_in("repo:acme/app2:ref:refs/heads/main")
    assert same_policy(
        trust, _trust(identity(), identity(audience="other"), patterns, session_tags=["team"])
    )


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"oidc_provider": f"https://{GITHUB}"}, "oidc_provider"),
        ({"oidc_provider": "Token.actions.githubusercontent.com"}, "oidc_provider"),
        ({"oidc_provider": "localhost"}, "oidc_provider"),
        ({"oidc_provider": "a.example.com:8443"}, "oidc_provider"),
        ({"oidc_provider": "a.example.com/*"}, "oidc_provider"),
        ({"oidc_provider": "a.example.com/${aws:username}"}, "oidc_provider"),
        ({"oidc_provider": f"a.example.com/{'x' * 255}"}, "oidc_provider"),
        ({"oidc_provider": 1}, "oidc_provider"),
        ({"audience": "*"}, "audience"),
        ({"audience": "${aws:username}"}, "audience"),
        ({"audience": ""}, "audience"),
        ({"audience": ["sts.amazonaws.com"]}, "audience"),
        ({"subject": "*"}, "subject"),
        ({"subject": "?*"}, "subject"),
        ({"subject": ["repo:acme/app:x", "*:ref:refs/heads/main"]}, "subject"),
        ({"subject": "${sts:RoleSessionName}"}, "subject"),
        ({"subject": []}, "subject"),
        ({"subject": ""}, "subject"),
        ({"subject": None}, "subject"),
        ({"subject": [["repo:acme/app:x"]]}, "subject"),
        ({"subject": "x" * 256}, "subject"),
        ({"subject": "repo:acme/app:\u202e"}, "subject"),
        ({"subject": [f"repo:acme/app:{n}" for n in range(21)]}, "subject"),
        ({"subject": "repo:*"}, "subject"),
        ({"subject": "repo:ac*/app:ref:refs/heads/main"}, "subject"),
        ({"subject": "environment:production"}, "subject"),
        ({"oidc_provider": "gitlab.com", "subject": "project_path:*"}, "subject"),
        ({"oidc_provider": "app.terraform.io", "subject": "organization:*"}, "subject"),
        ({"oidc_provider": "agent.buildkite.com", "subject": "organization:*"}, "subject"),
        ({"oidc_provider": "oidc.codefresh.io", "subject": "account:*"}, "subject"),
        ({"subject": "job_workflow_ref:acme/shared/.github/workflows/x.yml@v1"}, "subject"),
        ({**GOOGLE, "subject": "10001864697621941629?"}, "subject"),
        ({"claims": {}}, "claims"),
    ],
)
def test_what_is_open_or_no_identity_is_a_problem(changes: dict[str, Any], path: str) -> None:
    assert [*_problems(identity(**changes))] == [f"/principals/0/{path}"]


@pytest.mark.parametrize(
    "good",
    [
        identity(subject=["repo:acme/app:ref:refs/heads/main", "repo:acme/app:pull_request"]),
        identity(subject="repo:acme/app:environment:Prod EU"),
        {
            "oidc_provider": "oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71",
            "audience": AUDIENCE,
            "subject": "system:serviceaccount:acme:agent",
        },
        {"oidc_provider": "acme.eu.auth0.com/", "audience": "x", "subject": "auth0|1"},
        {**GOOGLE, "audience": "https://acme.example.com"},
    ],
)
def test_identities_of_well_known_providers_are_sound(good: dict[str, Any]) -> None:
    assert _problems(good) == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("external_id", "acme-7f3b2c91"),
        ("external_id", ["acme-7f3b2c91", "acme-7f3b2c92"]),
        ("generate_external_id", True),
        ("organization_id", "o-a1b2c3d4e5"),
        ("require_mfa", True),
    ],
)
def test_fields_that_no_token_could_meet_are_problems(field: str, value: Any) -> None:
    assert [*_problems(identity(), **{field: value})] == [f"/{field}"]


def test_identities_are_all_principals_or_none() -> None:
    found = _problems(PARTNER_ACCOUNT, identity(), external_id="acme-7f3b2c91")
    assert found.keys() == {"/external_id", "/principals"}
    assert _problems(identity(subject="*"), "x").keys() == {
        "/principals/0/subject",
        "/principals/1",
    }


def test_patterns_are_for_the_guardrails_to_allow() -> None:
    patterns = identity(subject="repo:acme/app:*")
    assert [*_broken({}, patterns)] == ["/principals/0/subject"]
    assert _broken({"allow_subject_patterns": True}, patterns) == {}
    assert _broken({}, identity()) == {}


def test_who_lists_accounts_lists_providers_too() -> None:
    accounts = {"allowed_partner_accounts": [PARTNER_ACCOUNT]}
    assert (
        "allowed_partner_accounts" in _broken(accounts, identity())["/principals/0/oidc_provider"]
    )
    assert _broken(accounts | {"allowed_oidc_providers": [GITHUB]}, identity()) == {}
    other = _broken({"allowed_oidc_providers": ["gitlab.com"]}, identity())
    assert "allowed_oidc_providers" in other["/principals/0/oidc_provider"]


def test_external_ids_are_nowhere_in_it() -> None:
    trust = _trust(identity(), self_assume=True, session_tags=["team"], source_identity=True)
    assert "ExternalId" not in json.dumps(trust)
    named = [one["Principal"] for one in trust["Statement"] if one["Sid"] != "SelfAssume"]
    assert named[:3] == [{"Federated": [ARN]}] * 3
