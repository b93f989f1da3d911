"""`latchkey audit`: lists the roles that other accounts may assume."""

import sys
from datetime import UTC, datetime, timedelta
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from latchkey_cli.aws.account_options import in_account_options
from latchkey_cli.aws.target import Target
from latchkey_cli.output.terminal import say

if TYPE_CHECKING:
    from latchkey_cli.auditing.findings import AuditRules
    from latchkey_cli.aws.iam_roles import PolicyReader, RoleSummary
    from latchkey_cli.aws.stack import Stack

_STYLES = {"high": "bold red", "medium": "yellow", "low": None}


@click.command(short_help="List roles that outsiders may assume.")
@click.option(
    "--unused-days",
    default=90,
    show_default=True,
    type=click.IntRange(1, 400),
    help="Days without use after which a role counts as unused.",
)
@click.option(
    "--first-party",
    metavar="ID",
    multiple=True,
    help="An account of your own company; can be repeated.",
)
@in_account_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--strict", is_flag=True, help="Exit with 1 if there are findings.")
@click.pass_obj
def command(
    target: Target,
    *,
    unused_days: int,
    first_party: tuple[str, ...],
    account: str | None,
    profile: str | None,
    as_json: bool,
    strict: bool,
) -> None:
    """List the roles that other accounts or identity providers may assume, with findings for each.

    Each finding has a severity (high, medium, low), a reason, and what to do about it. Findings are
    about who may assume the role, for how long, and what it may do. This command only reads.

    The roles are those of the stack's account, or of --account, which is read with the credentials
    of --profile-of-spoke.
    """
    from latchkey.grants.account import naming_in
    from latchkey_cli.auditing.findings import AuditRules
    from latchkey_cli.aws.iam_roles import PolicyReader, all_roles
    from latchkey_cli.aws.other_account import chosen_account
    from latchkey_cli.grants.accounts import on_record_in, role_names
    from latchkey_cli.output.terminal import print_json

    stack = target.open()
    there = chosen_account(stack, account, profile)
    audited_account = account or stack.environment.account
    naming, on_record = naming_in(stack.naming, audited_account), on_record_in(stack, account)
    roles = list(all_roles(there))
    rules = AuditRules(
        audited_account,
        stack.first_party_accounts | set(first_party) | {stack.environment.account},
        stack.name,
        timedelta(days=unused_days),
        datetime.now(UTC),
        naming.own_boundaries,
        naming.path,
        role_names(stack, on_record, {role.name for role in roles}),
        f" --account {account} --profile-of-spoke {quote(profile)}" if account and profile else "",
    )
    reader = PolicyReader(there)
    foreign = (role for role in roles if not _of_hub(role, stack))
    found = [one for role in foreign if (one := _audited(role, reader, rules))]
    audited = sorted(found, key=_gravest)
    if as_json:
        print_json(audited)
    else:
        _print(audited)
    sys.exit(1 if strict and any(role["findings"] for role in audited) else 0)


def _of_hub(role: "RoleSummary", stack: "Stack") -> bool:
    """Whether a role is one that spoke.yaml makes, and lets in the hub and nobody else."""
    from latchkey.iam.spoke import SpokeRole
    from latchkey_cli.auditing.trust import ways_in

    account = role.arn.split(":")[4]
    if role.name not in {one.name_for(stack.name) for one in SpokeRole}:
        return False
    return {way.account for way in ways_in(role.trust_policy, account)} == {
        stack.environment.account
    }


def _audited(
    role: "RoleSummary", reader: "PolicyReader", rules: "AuditRules"
) -> dict[str, Any] | None:
    from dataclasses import asdict

    from latchkey_cli.auditing.federation import own_workloads
    from latchkey_cli.auditing.finding import SEVERITIES
    from latchkey_cli.auditing.findings import audit_findings
    from latchkey_cli.auditing.trust import ways_in

    ways = ways_in(role.trust_policy, rules.account)
    if not ways:
        return None
    found = list(audit_findings(role, reader.of(role), ways, rules))
    if not found and all(map(own_workloads, ways)):
        return None
    found.sort(key=lambda finding: SEVERITIES.index(finding.severity))
    return {
        "role": role.name,
        "arn": role.arn,
        "principals": list(dict.fromkeys(way.shown for way in ways)),
        "created_at": role.created_at,
        "last_used": role.last_used,
        "findings": [asdict(finding) for finding in found],
    }


def _print(audited: list[dict[str, Any]]) -> None:
    """A paragraph for each role; those with the gravest findings come first."""
    for role in audited:
        say(role["role"], style="bold")
        say(f"  assumed by  {', '.join(role['principals'])}")
        for finding in role["findings"]:
            severity = finding["severity"]
            line = f"  {severity:<10}  {finding['rule']}: {finding['text']}"
            say(line, style=_STYLES[severity])
            say(f"  {'':<10}  -> {finding['remedy']}")
        if not role["findings"]:
            say(f"  {'':<10}  nothing found")
    found = sum(bool(role["findings"]) for role in audited)
    say(f"roles that let outsiders in: {len(audited)}, with findings: {found}", err=True)


def _gravest(role: dict[str, Any]) -> tuple[int, str]:
    """Roles with the most severe findings first."""
    severities = [list(_STYLES).index(finding["severity"]) for finding in role["findings"]]
    return min(severities, default=len(_STYLES)), role["role"]
