"""Findings about a role that principals outside of its account may assume."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from shlex import quote

from latchkey.grants.role import GRANT_TAG, STACK_TAG, bounded_by_another
from latchkey.times import instant, parse_instant
from latchkey_cli.auditing.federation import federation_findings, own_workloads
from latchkey_cli.auditing.finding import AuditFinding
from latchkey_cli.auditing.permissions import permission_findings
from latchkey_cli.auditing.requirements import external_ids
from latchkey_cli.auditing.trust import Way
from latchkey_cli.aws.iam_roles import RolePolicies, RoleSummary

_SHORT_ID = 8
"""The default of the guardrail `min_external_id_length`."""
_BY_GUARDRAIL = ("short-external-id", "subject-pattern")
_EXACT = re.compile(r"arn:[^*?]+:(role|user)/[^*?]+")
"""The principals of which a guardrail may ask for no external ID: whole roles and users."""
_REQUIRE_ID = "Require the external ID that the partner gives you: StringEquals with sts:ExternalId"


@dataclass(frozen=True)
class AuditRules:
    """The stack and its account, first-party accounts, and the limit for unused roles.

    `path` is that of the stack's roles, `on_record` are the names of those of live grants.
    `import_options` are what `latchkey import` needs to find a role of this account.
    """

    account: str
    first_party: frozenset[str]
    stack: str
    unused: timedelta
    now: datetime
    boundary_arns: tuple[str, ...] = ()
    path: str | None = None
    on_record: frozenset[str] = frozenset()
    import_options: str = ""


def audit_findings(
    role: RoleSummary, policies: RolePolicies, ways: Sequence[Way], rules: AuditRules
) -> Iterator[AuditFinding]:
    """The findings about a role, given the ways into it; the permissions only of foreign roles.

    What a role of Latchkey may do is what its config says, within the boundary; whether a role of
    another stack is on record, that stack's own audit says.
    """
    known = bool(rules.boundary_arns)
    elsewhere = known and bounded_by_another(role.boundary_arn, rules.boundary_arns)
    ours = managed(role, rules) or elsewhere
    yield from _of_trust(ways, rules, ours=ours)
    if not ours:
        yield from _permissions(policies, role.arn)
    own = all(map(own_workloads, ways))
    if not own and not all(way.asked.ends for way in ways if way.kind != "deleted"):
        text = "its trust policy has no end date"
        remedy = "Add DateLessThan with aws:CurrentTime, or grant the access with a config"
        yield AuditFinding("never-expires", "medium", text, remedy)
    if _long_ago(role.last_used or role.created_at, rules):
        used, created = role.last_used, role.created_at
        text = f"not used since {used[:10]}" if used else f"never used; created {created[:10]}"
        yield AuditFinding("unused", "low", text, "Delete it, if nobody misses it")
    tagged = role.tags.get(STACK_TAG) == rules.stack or role.path == rules.path
    strange = tagged and not elsewhere and role.name not in rules.on_record
    if rules.path and strange:
        text = "under Latchkey's path or with its tag, and no live grant has it"
        remedy = "docs/runbook.md#roles-without-a-grant"
        yield AuditFinding("not-on-record", "high", text, remedy)
    if not ours and not own:
        name = quote(role.name)
        remedy = f"latchkey import {name}{rules.import_options} -o {name}.json"
        yield AuditFinding("not-ours", "low", "not managed by Latchkey", remedy)


def managed(role: RoleSummary, rules: AuditRules) -> bool:
    """Whether a role has the stack's tags and, where they are known, a boundary of the stack's."""
    tagged = role.tags.get(STACK_TAG) == rules.stack and GRANT_TAG in role.tags
    return tagged and (not rules.boundary_arns or role.boundary_arn in rules.boundary_arns)


def _permissions(policies: RolePolicies, role_arn: str) -> Iterator[AuditFinding]:
    yield from permission_findings(policies.documents, policies.boundary, role_arn)
    if policies.unread:
        text = f"its permissions are not known: may not read {', '.join(policies.unread)}"
        remedy = "Allow yourself iam:GetPolicy and iam:GetPolicyVersion, and audit again"
        yield AuditFinding("policy-unread", "medium", text, remedy)


def _of_trust(ways: Sequence[Way], rules: AuditRules, *, ours: bool) -> Iterator[AuditFinding]:
    """Of a role of Latchkey without what guardrails may allow it: they were asked before."""
    if not ours:
        yield from _trust_findings(ways, rules)
        return
    asked = [way for way in ways if not (_EXACT.fullmatch(way.principal) and _asks_none(way))]
    found = _trust_findings(asked, rules)
    yield from (one for one in found if one.rule not in _BY_GUARDRAIL)


def _asks_none(way: Way) -> bool:
    return external_ids(way.asked) is None


def _trust_findings(ways: Sequence[Way], rules: AuditRules) -> Iterator[AuditFinding]:
    if any(way.kind == "anybody" for way in ways):
        text = "any principal in any AWS account may try to assume it"
        remedy = "Name the partner's accounts, roles or users in Principal"
        yield AuditFinding("wildcard-principal", "high", text, remedy)
    for way in ways:
        if way.kind == "organization":
            text = f"any principal of the organization {way.principal} may assume it"
            remedy = "Name the accounts or roles that need it in Principal"
            yield AuditFinding("whole-organization", "medium", text, remedy)
        yield from federation_findings(way)
    yield from _external_ids([way for way in ways if _third_party(way, rules)])
    if gone := sorted({way.principal for way in ways if way.kind == "deleted"}):
        text = f"trusts deleted principals: {', '.join(gone)}"
        yield AuditFinding("principal-gone", "medium", text, "Remove them from Principal")


def _third_party(way: Way, rules: AuditRules) -> bool:
    return way.kind == "anybody" or (way.kind == "aws" and way.account not in rules.first_party)


def _external_ids(ways: Sequence[Way]) -> Iterator[AuditFinding]:
    found = [(way, external_ids(way.asked)) for way in ways]
    if without := [way.principal for way, one in found if one is None]:
        text = f"requires no external ID of {', '.join(dict.fromkeys(without))}"
        yield AuditFinding("no-external-id", "high", text, _REQUIRE_ID)
    given = {way.principal: one for way, one in found if one is not None}
    if loose := [name for name, one in given.items() if not one.fixed()]:
        text = f"takes many external IDs of {', '.join(loose)}: wildcards match them"
        yield AuditFinding("external-id-pattern", "medium", text, _REQUIRE_ID)
    fixed = {name: one for name, one in given.items() if one.fixed()}
    if short := [n for n, one in fixed.items() if min(map(len, one.values)) < _SHORT_ID]:
        text = f"has a short external ID for {', '.join(short)}, which can be guessed"
        remedy = f"Agree on one of at least {_SHORT_ID} characters with the partner"
        yield AuditFinding("short-external-id", "medium", text, remedy)


def _long_ago(moment: str, rules: AuditRules) -> bool:
    return parse_instant(moment) < parse_instant(instant(rules.now - rules.unused))
