"""Findings about a role that other accounts may assume."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from latchkey.grants.role import GRANT_TAG, STACK_TAG, gone_principals
from latchkey.times import instant, parse_instant
from latchkey_cli.auditing.trust import CrossAccountTrust, principal_account
from latchkey_cli.aws.iam_roles import RoleSummary

Weight = Literal["high", "medium", "low"]


@dataclass(frozen=True)
class AuditFinding:
    """A finding about a role; `rule` identifies it for programs."""

    rule: str
    weight: Weight
    text: str


@dataclass(frozen=True)
class AuditRules:
    """The stack and its account, first-party accounts, and the limit for unused roles."""

    account: str
    first_party: frozenset[str]
    stack: str
    unused: timedelta
    now: datetime


def audit_findings(
    role: RoleSummary, trust: CrossAccountTrust, rules: AuditRules
) -> Iterator[AuditFinding]:
    """The findings about a role, given how other accounts may assume it."""
    yield from _trust_findings(role, trust, rules)
    if _long_ago(role.last_used or role.created_at, rules):
        used, created = role.last_used, role.created_at
        text = f"not used since {used[:10]}" if used else f"never used; created {created[:10]}"
        yield AuditFinding("unused", "low", text)
    if role.tags.get(STACK_TAG) != rules.stack or GRANT_TAG not in role.tags:
        text = "not managed by Latchkey; `latchkey import` writes its config"
        yield AuditFinding("not-ours", "low", text)


def _trust_findings(
    role: RoleSummary, trust: CrossAccountTrust, rules: AuditRules
) -> Iterator[AuditFinding]:
    if trust.anybody:
        text = "any principal in any AWS account may try to assume it"
        yield AuditFinding("wildcard-principal", "high", text)
    third_parties = [
        principal
        for principal in trust.without_external_id
        if principal_account(principal) not in rules.first_party
    ]
    if third_parties:
        text = f"requires no external ID of {', '.join(third_parties)}"
        yield AuditFinding("no-external-id", "high", text)
    if not trust.expires:
        yield AuditFinding("never-expires", "medium", "its trust policy has no end date")
    if gone := gone_principals(role.trust_policy):
        text = f"trusts deleted principals: {', '.join(gone)}"
        yield AuditFinding("principal-gone", "medium", text)


def _long_ago(moment: str, rules: AuditRules) -> bool:
    return parse_instant(moment) < parse_instant(instant(rules.now - rules.unused))
