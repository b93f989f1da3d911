"""Roles to audit, and what is found about them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from latchkey_cli.auditing.findings import AuditRules, audit_findings
from latchkey_cli.auditing.trust import ways_in
from latchkey_cli.aws.iam_roles import RolePolicies, RoleSummary
from tests.kit.examples import ACCOUNT

NOW = datetime(2026, 6, 1, tzinfo=UTC)
RULES = AuditRules(ACCOUNT, frozenset({"111122223333"}), "latchkey", timedelta(days=90), NOW)
OURS = {"latchkey:stack": "latchkey", "latchkey:grant": "acme.main"}
USED = ("2026-01-01T00:00:00Z", "2026-05-30T00:00:00Z")
UNTIL = {"DateLessThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}}
ASKED = {"StringEquals": {"sts:ExternalId": "partner-1234"}}


def trust_of(principal: Any, condition: Any = None, **fields: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **fields}
    return {"Statement": [{**statement, "Condition": condition or {}}]}


def rules_of(
    trust: Any, tags: Any = OURS, used: Any = USED, policies: RolePolicies | None = None
) -> list[str]:
    role = RoleSummary("by-hand", "arn:role", "/", trust, tags, *used)
    found = audit_findings(role, policies or RolePolicies(), ways_in(trust, ACCOUNT), RULES)
    return [finding.rule for finding in found]
