"""`latchkey audit`: roles for identity providers."""

from typing import Any

import pytest

from latchkey_cli.auditing.trust import ways_in
from tests.cli.audited_roles import UNTIL, rules_of, trust_of
from tests.kit.examples import ACCOUNT

GITHUB = "token.actions.githubusercontent.com"


def _oidc(provider: str, *conditions: tuple[str, str, Any]) -> dict[str, Any]:
    asked: dict[str, Any] = {**UNTIL}
    for operator, claim, values in conditions:
        asked.setdefault(operator, {})[f"{provider}:{claim}"] = values
    principal = {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{provider}"}
    return trust_of(principal, asked, Action="sts:AssumeRoleWithWebIdentity")


FOR_AWS = ("StringEquals", "aud", "sts.amazonaws.com")


@pytest.mark.parametrize(
    ("trust", "rules"),
    [
        (_oidc(GITHUB, FOR_AWS), ["no-subject"]),
        (_oidc(GITHUB, FOR_AWS, ("StringLike", "sub", "repo:*")), ["no-subject"]),
        (_oidc(GITHUB, FOR_AWS, ("StringLike", "sub", "repo:acme*")), ["no-subject"]),
        (_oidc(GITHUB, FOR_AWS, ("StringLike", "sub", "*")), ["no-subject"]),
        (_oidc(GITHUB, FOR_AWS, ("StringLike", "sub", "*:ref:refs/heads/main")), ["no-subject"]),
        (_oidc(GITHUB, FOR_AWS, ("StringNotEquals", "sub", "repo:a/b:x")), ["no-subject"]),
        (_oidc(GITHUB, FOR_AWS, ("StringEqualsIfExists", "sub", "repo:a/b:x")), ["no-subject"]),
        (
            _oidc(GITHUB, FOR_AWS, ("ForAllValues:StringLike", "sub", "repo:acme/app:*")),
            ["no-subject"],
        ),
        (
            _oidc(GITHUB, FOR_AWS, ("StringLike", "sub", ["repo:acme/app:*", "repo:*"])),
            ["no-subject"],
        ),
        (_oidc(GITHUB, FOR_AWS, ("StringLike", "sub", "repo:acme/app:*")), ["subject-pattern"]),
        (_oidc(GITHUB, FOR_AWS, ("StringEquals", "sub", "repo:acme/app:ref:refs/heads/main")), []),
        (_oidc(GITHUB, FOR_AWS, ("StringEquals", "repository", "acme/app")), []),
        (_oidc(GITHUB, ("StringEquals", "sub", "repo:acme/app:pull_request")), ["no-audience"]),
        (
            _oidc("app.terraform.io", FOR_AWS, ("StringLike", "sub", "organization:*")),
            ["no-subject"],
        ),
        (
            _oidc("gitlab.com", FOR_AWS, ("StringLike", "sub", "project_path:acme/*")),
            ["subject-pattern"],
        ),
        (_oidc("oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE", FOR_AWS), ["no-subject"]),
        (
            _oidc(
                "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE",
                FOR_AWS,
                ("StringEquals", "sub", "system:serviceaccount:web:app"),
            ),
            [],
        ),
        (
            trust_of(
                {"Federated": "cognito-identity.amazonaws.com"},
                UNTIL,
                Action="sts:AssumeRoleWithWebIdentity",
            ),
            ["no-subject", "guests"],
        ),
        (
            trust_of(
                {"Federated": "accounts.google.com"},
                UNTIL,
                Action="sts:AssumeRoleWithWebIdentity",
            ),
            ["no-subject", "no-audience"],
        ),
        (
            trust_of(
                {"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/okta"},
                UNTIL,
                Action="sts:AssumeRoleWithSAML",
            ),
            ["no-audience"],
        ),
        (
            trust_of(
                {"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/okta"},
                {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}} | UNTIL,
                Action="sts:AssumeRoleWithSAML",
            ),
            [],
        ),
    ],
    ids=str,
)
def test_roles_for_identity_providers_are_found(trust: Any, rules: list[str]) -> None:
    assert ways_in(trust, ACCOUNT)
    assert [rule for rule in rules_of(trust, {}) if rule != "not-ours"] == rules
