"""Rules of configs whose principals are web identities, and what the guardrails say of them."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from latchkey.config.guardrails import Guardrails, problem_of
from latchkey.config.problem import Problem, pointer
from latchkey.config.web_identity import WebIdentity
from latchkey.iam.web_identity import BUILT_IN, TENANT_FORMS, TENANTS, is_pattern

_Fields: TypeAlias = Mapping[str, Any]

_NOT_OF_TOKENS = {
    "external_id": "sts:AssumeRoleWithWebIdentity takes no external ID",
    "generate_external_id": "sts:AssumeRoleWithWebIdentity takes no external ID",
    "organization_id": "web identities belong to no organization",
    "require_mfa": "tokens carry no MFA to AWS",
}
"""Fields that nobody with a token could meet (STS API reference, AssumeRoleWithWebIdentity)."""


def web_identity_problems(fields: _Fields) -> Iterator[Problem]:
    """What a config with web identities cannot have, and subjects that may be anybody's."""
    identities = [*_identities(fields)]
    if not identities:
        return
    if len(identities) < sum(one is not None for one in fields["principals"]):
        yield Problem(
            "/principals",
            "web identities are all principals of a grant, or none: they send no external ID; "
            "write a second `grant` for the others",
        )
    for name, why in _NOT_OF_TOKENS.items():
        if fields.get(name):
            yield Problem(pointer([name]), f"{why}; leave it out, the subject says who may")
    for path, one in identities:
        yield from _open_subjects(path, one)


def _open_subjects(path: tuple[str | int, ...], one: WebIdentity) -> Iterator[Problem]:
    """Subjects that other customers of a shared provider can have as well."""
    provider, where = one.oidc_provider.rstrip("/"), pointer([*path, "subject"])
    if tenant := TENANTS.get(provider):
        for subject in one.subject:
            if not tenant.match(subject):
                yield Problem(
                    where,
                    f"{subject!r} may be a subject of any customer of {provider}; write one that "
                    f"names the partner's own: {TENANT_FORMS[provider]}",
                )
    if provider in BUILT_IN and any(map(is_pattern, one.subject)):
        yield Problem(where, f"subjects of {provider} are IDs, and patterns of them mean nobody")


def web_identity_broken(fields: _Fields, rules: Guardrails) -> Iterator[Problem]:
    """The problems of a config with the guardrails about web identities.

    An identity belongs to no account, so that where accounts are listed, providers have to be, too.
    """
    for path, one in _identities(fields):
        allowed = rules.allowed_oidc_providers
        if allowed is None and rules.allowed_partner_accounts is not None:
            message = "web identities belong to no account; list the provider to allow them"
            yield Problem(
                pointer([*path, "oidc_provider"]), problem_of("allowed_partner_accounts", message)
            )
        elif allowed is not None and one.oidc_provider not in allowed:
            message = f"{one.oidc_provider} is not an allowed provider"
            yield Problem(
                pointer([*path, "oidc_provider"]), problem_of("allowed_oidc_providers", message)
            )
        patterns = [subject for subject in one.subject if is_pattern(subject)]
        if patterns and not rules.allow_subject_patterns:
            message = f"{patterns[0]!r} is a pattern; write the exact subjects"
            yield Problem(
                pointer([*path, "subject"]), problem_of("allow_subject_patterns", message)
            )


def _identities(fields: _Fields) -> Iterator[tuple[tuple[str | int, ...], WebIdentity]]:
    for index, one in enumerate(fields.get("principals") or ()):
        if isinstance(one, WebIdentity):
            yield ("principals", index), one
