"""Identity providers (OIDC) whose tokens a role can be assumed with, and what IAM knows of a token.

Providers are written as IAM writes them: the issuer's URL without `https://`. Condition keys: IAM
user guide, "IAM and AWS STS condition context keys", "Available keys for AWS OIDC federation".
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Literal

from latchkey.frozen import Frozen
from latchkey.iam.environment import AwsEnvironment
from latchkey.iam.statement import Statement

ASSUME_BY_TOKEN = "sts:AssumeRoleWithWebIdentity"  # noqa: S105 (an action, no password)
"""The only action that a token can call; it has neither an external ID nor MFA."""

FEDERATED = "Federated"
_ARN = re.compile(r"arn:[^:]+:iam::([0-9]{12}):oidc-provider/(.+)")


class TokenKeys(Frozen):
    """Condition keys of a provider, behind its name and a colon: for whom a token is, and whose.

    `also` are further conditions that every token has to fulfil: operator, key and value.
    """

    audience: str = "aud"
    subject: str = "sub"
    also: tuple[tuple[str, str, str], ...] = ()


_SIGNED_IN = (("ForAnyValue:StringLike", "amr", "authenticated"),)
BUILT_IN: Mapping[str, TokenKeys] = MappingProxyType(
    {
        "accounts.google.com": TokenKeys("oaud"),
        "cognito-identity.amazonaws.com": TokenKeys(also=_SIGNED_IN),
        "graph.facebook.com": TokenKeys("app_id", "id"),
        "www.amazon.com": TokenKeys("app_id", "user_id"),
    }
)
"""Providers that every account has without making them.

Google's `aud` is the token's `azp` (for service accounts their own ID), and its `oaud` the token's
`aud` (IAM user guide, "IAM and AWS STS condition context keys", "Available keys for AWS OIDC
federation"). Who knows the ID of a guest of a Cognito identity pool gets a token of the guest's
without a password, so that `amr` has to say that somebody signed in (Cognito developer guide, "IAM
roles", "Role trust and permissions"; GetOpenIdToken).
"""

_GITHUB = re.compile(
    r"repo:[^*?:/]+/|"
    r"(repository|repository_id|repository_owner|repository_owner_id):[^*?:/]+([:/]|$)"
)
"""Not `job_workflow_ref`: whoever calls a public workflow of somebody's has that in its token."""

TENANTS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "token.actions.githubusercontent.com": _GITHUB,
        "gitlab.com": re.compile(r"project_path:[^*?:/]+/"),
        "app.terraform.io": re.compile(r"organization:[^*?:]+:"),
        "agent.buildkite.com": re.compile(r"organization:[^*?:]+:"),
        "oidc.codefresh.io": re.compile(r"account:[^*?:]+:"),
    }
)
"""What a subject of a shared provider begins with when it belongs to one customer.

By the providers' own documentation: GitHub ("OpenID Connect reference", subject claims), GitLab
("OpenID Connect in AWS"), HCP Terraform ("Workload identity tokens"), Buildkite ("OIDC with AWS"),
Codefresh ("OpenID Connect in pipelines"). IAM itself takes no trust
policy for these that leaves the subject open (IAM user guide, "Identity-provider controls for
shared OIDC providers").
"""
TENANT_FORMS: Mapping[str, str] = MappingProxyType(
    {
        "token.actions.githubusercontent.com": "repo:<owner>/<repository>:…",
        "gitlab.com": "project_path:<group>/<project>:…",
        "app.terraform.io": "organization:<organization>:…",
        "agent.buildkite.com": "organization:<organization>:…",
        "oidc.codefresh.io": "account:<account>:…",
    }
)


def keys_of(provider: str) -> TokenKeys:
    """The condition keys of a provider; of those that an account made, they are all the same."""
    return BUILT_IN.get(provider, TokenKeys())


def token_key(key: str) -> Literal["audience", "subject"] | None:
    """What a condition key says of a token, if it is one of a provider's; keys in any case."""
    provider, _, name = key.lower().rpartition(":")
    keys = keys_of(provider)
    if "." not in provider:
        return None
    if name == keys.audience:
        return "audience"
    return "subject" if name == keys.subject else None


def provider_arn(provider: str, environment: AwsEnvironment) -> str:
    """The ARN of a provider that an account made."""
    account = f"arn:{environment.partition}:iam::{environment.account}"
    return f"{account}:oidc-provider/{provider}"


def federated_principal(provider: str, environment: AwsEnvironment) -> str:
    """A provider as the principal of a trust policy."""
    return provider if provider in BUILT_IN else provider_arn(provider, environment)


def provider_of(principal: str) -> str | None:
    """The provider that a federated principal is; None for one of SAML, or for none."""
    if found := _ARN.fullmatch(principal):
        return found[2]
    return principal if principal in BUILT_IN else None


def is_pattern(subject: str) -> bool:
    """Whether a subject stands for several."""
    return "*" in subject or "?" in subject


def literal_start(pattern: str) -> str:
    """A pattern up to its first wildcard."""
    return re.split(r"[*?]", pattern, maxsplit=1)[0]


def identities_in(statement: Statement) -> Iterator[str]:
    """The web identities that a statement of a trust policy lets in, in words."""
    for one in statement.principals or ():
        if one.kind != FEDERATED or not (provider := provider_of(one.name)):
            continue
        key = f"{provider}:{keys_of(provider).subject}".lower()
        subjects = [
            v for found in statement.conditions if found.key.lower() == key for v in found.values
        ]
        yield from (identity_text(provider, subject) for subject in subjects)


def identity_text(provider: str, subject: str) -> str:
    """One web identity in words."""
    return f"{subject} of {provider}"


def principal_texts(given: Any) -> list[str]:
    """The principals of a config file in words; whatever it holds, it is some text."""
    return [text for one in given for text in _texts(one)] if isinstance(given, list) else []


def _texts(one: Any) -> list[str]:
    if not isinstance(one, dict):
        return [str(one)]
    subject = one.get("subject")
    subjects = subject if isinstance(subject, list) else [subject]
    return [identity_text(str(one.get("oidc_provider")), str(each)) for each in subjects]
