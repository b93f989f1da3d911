"""`latchkey audit`: lists the roles that other accounts may assume."""

import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from latchkey_cli.aws.target import Target

if TYPE_CHECKING:
    from latchkey_cli.auditing.findings import AuditRules
    from latchkey_cli.aws.iam_roles import RoleSummary

_WEIGHTS = ("high", "medium", "low")
_STYLES = {"high": "bold red", "medium": "yellow", "low": None}


@click.command(short_help="List roles that other accounts may assume.")
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
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--strict", is_flag=True, help="Exit with 1 if there are findings.")
@click.pass_obj
def command(
    target: Target, unused_days: int, first_party: tuple[str, ...], as_json: bool, strict: bool
) -> None:
    """List the roles that other accounts may assume, with findings for each.

    Findings: no external ID, wildcard principal, unused, never expires, not managed by Latchkey.
    This command only reads.
    """
    from latchkey_cli.auditing.findings import AuditRules
    from latchkey_cli.aws.iam_roles import all_roles
    from latchkey_cli.output.terminal import print_json

    stack = target.open()
    rules = AuditRules(
        stack.environment.account,
        stack.first_party_accounts | set(first_party),
        stack.name,
        timedelta(days=unused_days),
        datetime.now(UTC),
    )
    audited = [found for role in all_roles(stack) if (found := _audited(role, rules))]
    if as_json:
        print_json(audited)
    else:
        _table(audited)
    sys.exit(1 if strict and any(role["findings"] for role in audited) else 0)


def _audited(role: "RoleSummary", rules: "AuditRules") -> dict[str, Any] | None:
    from dataclasses import asdict

    from latchkey_cli.auditing.findings import audit_findings
    from latchkey_cli.auditing.trust import cross_account_trust

    trust = cross_account_trust(role.trust_policy, rules.account)
    if trust is None:
        return None
    return {
        "role": role.name,
        "arn": role.arn,
        "principals": list(trust.principals),
        "created_at": role.created_at,
        "last_used": role.last_used,
        "findings": [asdict(finding) for finding in audit_findings(role, trust, rules)],
    }


def _table(audited: list[dict[str, Any]]) -> None:
    """A line for each finding; the roles with the most severe findings come first."""
    from latchkey_cli.output.terminal import print_table

    rows = []
    for role in sorted(audited, key=_severity):
        lines = role["findings"] or [{"weight": "", "rule": "", "text": "nothing found"}]
        for number, finding in enumerate(lines):
            first = number == 0
            rows.append(
                [
                    role["role"] if first else "",
                    ", ".join(role["principals"]) if first else "",
                    finding["weight"],
                    finding["rule"],
                    finding["text"],
                ]
            )
    if rows:
        columns = ["ROLE", "WHO MAY ASSUME IT", "WEIGHT", "RULE", "FINDING"]
        print_table(columns, rows, lambda row: _STYLES.get(row[2]), whole=("WEIGHT", "RULE"))
    found = sum(bool(role["findings"]) for role in audited)
    click.echo(
        f"roles that let other accounts in: {len(audited)}, with findings: {found}", err=True
    )


def _severity(role: dict[str, Any]) -> tuple[int, str]:
    weights = [_WEIGHTS.index(finding["weight"]) for finding in role["findings"]]
    return min(weights, default=len(_WEIGHTS)), role["role"]
