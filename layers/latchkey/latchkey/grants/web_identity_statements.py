"""Trust statements for web identities: whose tokens let somebody in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from latchkey.config.web_identity import WebIdentity
from latchkey.iam.environment import AwsEnvironment
from latchkey.iam.web_identity import (
    ASSUME_BY_TOKEN,
    FEDERATED,
    federated_principal,
    is_pattern,
    keys_of,
)
from latchkey.services.allowance import Statement

_Group: TypeAlias = tuple[str, str, str]
"""Provider, audience, and the operator by which subjects are compared."""


def web_identity_statements(
    identities: Iterable[WebIdentity],
    environment: AwsEnvironment,
    conditions: Mapping[str, Mapping[str, Any]],
) -> Iterator[Statement]:
    """A statement for each provider and audience, under conditions on networks and time.

    All conditions of a statement have to hold, so that patterns of subjects, which another operator
    compares than exact ones, have a statement of their own.
    """
    groups: dict[_Group, set[str]] = {}
    for one in identities:
        for subject in one.subject:
            operator = "StringLike" if is_pattern(subject) else "StringEquals"
            group = (one.oidc_provider, one.audience, operator)
            groups.setdefault(group, set()).add(subject)
    for number, (group, subjects) in enumerate(sorted(groups.items())):
        yield {
            "Sid": f"WebIdentity{number or ''}",
            "Effect": "Allow",
            "Principal": {FEDERATED: [federated_principal(group[0], environment)]},
            "Action": ASSUME_BY_TOKEN,
            "Condition": _joined(_asked(group, sorted(subjects)), conditions),
        }


def federated(
    identities: Iterable[WebIdentity], environment: AwsEnvironment
) -> Mapping[str, Sequence[str]]:
    """All providers of some web identities, as the principal of a statement."""
    named = {federated_principal(one.oidc_provider, environment) for one in identities}
    return {FEDERATED: sorted(named)}


def _asked(group: _Group, subjects: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What a token has to say, by the keys of its provider."""
    provider, audience, operator = group
    keys = keys_of(provider)
    asked: dict[str, dict[str, Any]] = {"StringEquals": {f"{provider}:{keys.audience}": audience}}
    one = subjects[0] if len(subjects) == 1 else list(subjects)
    asked.setdefault(operator, {})[f"{provider}:{keys.subject}"] = one
    for also, key, value in keys.also:
        asked.setdefault(also, {})[f"{provider}:{key}"] = value
    return asked


def _joined(*parts: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    joined: dict[str, dict[str, Any]] = {}
    for part in parts:
        for operator, keys in part.items():
            joined.setdefault(operator, {}).update(keys)
    return joined
