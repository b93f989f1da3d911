"""Findings about roles for identity providers (OIDC, SAML).

An OIDC provider that many customers share signs tokens for all of them, so a trust policy has to
say whose tokens count, by a claim that the provider sets (IAM user guide, "Create a role for OpenID
Connect federation": condition keys `<provider>:aud`, `:sub` and `:amr`).
"""

import re
from collections.abc import Iterator

from latchkey.iam.web_identity import TENANTS
from latchkey_cli.auditing.finding import AuditFinding, Severity
from latchkey_cli.auditing.requirements import Requirement
from latchkey_cli.auditing.trust import Way

_SHARED = (
    *TENANTS,
    "accounts.google.com",
    "graph.facebook.com",
    "www.amazon.com",
    "cognito-identity.amazonaws.com",
)
_OWN_CLUSTER = "oidc.eks."
_CLAIMS = ("sub", "repository", "repository_id", "repository_owner", "repository_owner_id")
_AUDIENCES = ("aud", "app_id", "oaud")


def own_workloads(way: Way) -> bool:
    """Whether a provider is a cluster's (EKS): its subjects are workloads of that cluster."""
    return way.kind == "oidc" and way.principal.startswith(_OWN_CLUSTER)


def federation_findings(way: Way) -> Iterator[AuditFinding]:
    """What is open about a way in through an identity provider."""
    if way.kind == "oidc":
        yield from _oidc(way)
    elif way.kind == "saml" and not _of(way, "SAML", ("aud", "iss", "sub", "namequalifier")):
        text = f"takes assertions of {way.principal} for any recipient"
        remedy = "Require SAML:aud, the sign-in URL of AWS that the assertions are for"
        yield AuditFinding("no-audience", "medium", text, remedy)


def _oidc(way: Way) -> Iterator[AuditFinding]:
    provider = way.principal
    claims, audiences = _of(way, provider, _CLAIMS), _of(way, provider, _AUDIENCES)
    if provider == "cognito-identity.amazonaws.com":
        yield from _cognito(way, audiences)
        return
    if not any(_one_tenant(provider, claim) for claim in claims):
        text = f"any identity of {provider} may assume it"
        if claims:
            text += f": {_shown(claims)} says little about whose it is"
        severity: Severity = "high" if provider in _SHARED else "medium"
        yield AuditFinding(
            "no-subject", severity, text, f"Require {provider}:sub with the exact subject"
        )
    elif all(not claim.fixed() for claim in claims):
        text = f"takes every identity of {provider} that matches {_shown(claims)}"
        remedy = f"Require {provider}:sub with exact subjects, if these are too many"
        yield AuditFinding("subject-pattern", "low", text, remedy)
    if not any(one.fixed() for one in audiences):
        text = f"takes tokens of {provider} that were made for another audience"
        remedy = f"Require {provider}:aud with the audience of AWS's tokens"
        yield AuditFinding("no-audience", "medium", text, remedy)


def _cognito(way: Way, pools: list[Requirement]) -> Iterator[AuditFinding]:
    """An identity pool is what keeps others out, and `amr` those who did not sign in."""
    if not any(one.fixed() for one in pools):
        text = "identities of any Cognito identity pool, in any account, may assume it"
        remedy = f"Require {way.principal}:aud with the pool's ID"
        yield AuditFinding("no-subject", "high", text, remedy)
    if not any("authenticated" in one.values for one in _of(way, way.principal, ("amr",))):
        text = "guests who did not sign in may assume it"
        remedy = f'Require {way.principal}:amr "authenticated", if guests are not meant'
        yield AuditFinding("guests", "medium", text, remedy)


def _of(way: Way, provider: str, names: tuple[str, ...]) -> list[Requirement]:
    keys = {f"{provider}:{name}".lower() for name in names}
    return [one for one in way.asked.requirements if one.key in keys]


def _one_tenant(provider: str, claim: Requirement) -> bool:
    """Whether each value is of one customer of the provider."""
    if not claim.key.endswith(":sub"):
        return claim.fixed() or all("/" in _literal_start(value) for value in claim.values)
    tenant = TENANTS.get(provider)
    return all(
        bool(tenant.match(value)) if tenant else not claim.wild(value) or _begins(value)
        for value in claim.values
    )


def _begins(value: str) -> bool:
    """Whether a pattern begins with a text that somebody has to own."""
    return len(_literal_start(value)) > len("https://")


def _literal_start(value: str) -> str:
    return re.split(r"[*?]|\$\{", value)[0]


def _shown(claims: list[Requirement]) -> str:
    return ", ".join(f"{one.key.rpartition(':')[2]} {' or '.join(one.values)}" for one in claims)
