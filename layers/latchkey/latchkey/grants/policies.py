"""The two documents of a partner role: who may assume it, and what its sessions may do."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from latchkey.config.schema import PartnerConfig
from latchkey.grants.managed_access import data_denials, window_denials
from latchkey.grants.session_statements import (
    ASSUME,
    SELF_ASSUME,
    brought,
    self_statements,
    session_statements,
    tag_condition,
)
from latchkey.grants.sessions import VERSION
from latchkey.grants.web_identity_statements import federated, web_identity_statements
from latchkey.iam.document import Document
from latchkey.iam.environment import AwsEnvironment
from latchkey.services.allowance import Allowance, Statement
from latchkey.services.managed import policies_of, withheld
from latchkey.services.registry import spec
from latchkey.services.resource_info import ResourceInfo
from latchkey.times import instant

Conditions = Mapping[str, Mapping[str, Any]]


def validity(config: PartnerConfig) -> Conditions:
    """The time conditions that stand on every Allow, so that access ends with nothing running."""
    window: dict[str, dict[str, str]] = {
        "DateLessThan": {"aws:CurrentTime": instant(config.ends_at)}
    }
    if config.starts_at:
        window["DateGreaterThanEquals"] = {"aws:CurrentTime": instant(config.starts_at)}
    return window


def trust_policy(
    config: PartnerConfig,
    external_id: str | Iterable[str] | None,
    environment: AwsEnvironment,
    role_arn: str = "",
) -> Document:
    """Who may assume the role: the config's principals, within its time.

    Accounts, roles and users by external ID, web identities by their tokens.

    The external ID, or any one of several, is compared by plain StringEquals: with IfExists or
    StringLike a call without it, or with a pattern, could pass (IAM user guide, "The confused
    deputy problem").
    """
    networks: dict[str, Mapping[str, Any]] = {}
    if config.source_ips:
        networks["IpAddress"] = {"aws:SourceIp": list(config.source_ips)}
    asked, bound = _one_or_several(external_id), _bound(config, networks)
    if identities := config.web_identities:
        principal = federated(identities, environment)
        let_in = list(web_identity_statements(identities, environment, bound))
    else:
        principal = {"AWS": sorted({p.arn(environment.partition) for p in config.named_principals})}
        let_in = [_partner(config, principal, asked, bound)]
    beside = session_statements(config, principal, bound)
    itself = _itself(config, asked, bound)
    own = self_statements(role_arn, environment, *itself) if config.self_assume else ()
    return {"Version": VERSION, "Statement": [*let_in, *beside, *own]}


def _partner(
    config: PartnerConfig, principal: Mapping[str, Sequence[str]], asked: Any, bound: Conditions
) -> Statement:
    """The statement for accounts, roles and users, by external ID."""
    equals = {"sts:ExternalId": asked, "aws:PrincipalOrgID": config.organization_id}
    extra: dict[str, Mapping[str, Any]] = {"StringEquals": equals}
    if config.require_mfa:
        extra["Bool"] = {"aws:MultiFactorAuthPresent": "true"}
    return {
        "Sid": "Partner",
        "Effect": "Allow",
        "Principal": principal,
        "Action": ASSUME,
        "Condition": _conditions(extra, bound),
    }


def _itself(config: PartnerConfig, external_id: Any, bound: Conditions) -> tuple[Any, ...]:
    """What the role may bring to itself; the conditions for its sessions, and for the rest."""
    external = {"StringEquals": {"sts:ExternalId": external_id}}
    tags = tag_condition(config) if config.session_tags else {}
    return brought(config), _conditions(external, bound), {**bound, **tags}


def _bound(config: PartnerConfig, networks: Conditions) -> Conditions:
    """What every statement of a trust policy asks for."""
    return _conditions(networks, validity(config))


def _one_or_several(external_id: str | Iterable[str] | None) -> str | list[str]:
    """The value for one external ID, the values of several in an order of their own."""
    given = [external_id] if isinstance(external_id, str) else sorted({*(external_id or ())})
    return given[0] if len(given) == 1 else given


def permissions_policy(
    config: PartnerConfig,
    resources: Sequence[Sequence[ResourceInfo]],
    environment: AwsEnvironment,
    role_arn: str = "",
) -> Document:
    """What a session may do: the statements of every entry, each under the grant's time.

    `resources` holds, for each `access` entry, what preflight found of its resources. Statements of
    different entries are never merged: that would lose or leak conditions. `role_arn` is the role
    itself, for one that may assume itself.
    """
    window = validity(config)
    statements = [
        _allow(index, allowance, window, environment)
        for index, (entry, found) in enumerate(zip(config.access, resources, strict=True))
        for allowance in entry.allowances(found, environment)
    ]
    if policies_of(config.access):
        starts = instant(config.starts_at) if config.starts_at else None
        given = (
            one
            for entry, found in zip(config.access, resources, strict=True)
            for one in entry.allowances(found, environment)
        )
        statements += window_denials(starts, instant(config.ends_at))
        statements += data_denials(withheld(config.access), given)
    if config.self_assume:
        actions = [ASSUME, *brought(config)]
        itself = {"Action": actions, "Resource": [role_arn], "Condition": _conditions(window)}
        statements.append({"Sid": SELF_ASSUME, "Effect": "Allow", **itself})
    return {"Version": VERSION, "Statement": statements}


def _allow(
    index: int, allowance: Allowance, window: Conditions, environment: AwsEnvironment
) -> Statement:
    owned = _owned(allowance.resources, environment)
    return {
        "Sid": f"Access{index}{allowance.name}",
        "Effect": "Allow",
        "Action": list(allowance.actions),
        "Resource": list(allowance.resources),
        "Condition": _conditions(allowance.conditions, owned, window),
    }


def _owned(resources: Sequence[str], environment: AwsEnvironment) -> Conditions:
    """That resources are of the trusting account, where their ARNs do not say so.

    The name of a bucket that is deleted is free for everybody: a stranger's bucket under it would
    get what a partner uploads (IAM user guide, "AWS global condition context keys",
    aws:ResourceAccount). Models of Bedrock name no account either, but are AWS's own.
    """
    if all(spec(arn.split(":")[2]).arn.regional for arn in resources if arn != "*"):
        return {}
    return {"StringEquals": {"aws:ResourceAccount": environment.account}}


def _conditions(*parts: Conditions) -> dict[str, dict[str, Any]]:
    """All parts joined, without operators or keys that hold no value.

    An empty list of values counts in IAM as if the condition were not there.
    """
    joined: dict[str, dict[str, Any]] = {}
    for part in parts:
        for operator, keys in part.items():
            filled = {key: value for key, value in keys.items() if value}
            if filled:
                joined.setdefault(operator, {}).update(filled)
    return joined
