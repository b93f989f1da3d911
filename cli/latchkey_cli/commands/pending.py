"""`latchkey pending`: lists what waits for approval."""

from typing import TYPE_CHECKING

import click

from latchkey_cli.aws.account_options import in_accounts
from latchkey_cli.aws.target import Target

if TYPE_CHECKING:
    from latchkey.config.approval_rules import Approval
    from latchkey_cli.aws.stack import Stack


@click.command(short_help="List what waits for approval.")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
@in_accounts("Only grants in this AWS account; can be repeated.")
@click.pass_obj
def command(target: Target, *, as_json: bool, accounts: frozenset[str]) -> None:
    """List what waits for approval: since when, who has to approve it, and who has done so.

    Files of people who are not in the group, or uploaded the config, are left out.
    """
    from latchkey.errors import TooManyApprovals
    from latchkey_cli.grants.accounts import account_of, shown_accounts
    from latchkey_cli.grants.waiting import given, waiting
    from latchkey_cli.output.tables import Table, print_table
    from latchkey_cli.output.terminal import print_json, say

    stack = target.open()
    meant = [
        record for record in waiting(stack) if not accounts or account_of(record, stack) in accounts
    ]
    approval, unread = _rules(stack) if meant else (None, "")
    found = []
    for record in meant:
        try:
            by_group = given(stack, record, approval)
        except TooManyApprovals as error:
            by_group, unread = {}, unread or str(error)
        found.append((record, by_group))
    places = shown_accounts(meant, stack)
    if as_json:
        print_json(
            [
                {
                    "grant": str(record.id),
                    "account": account_of(record, stack),
                    "config_key": record.config_key,
                    "owner": record.owner,
                    **(record.pending.document() if record.pending else {}),
                    "given": by_group,
                }
                for record, by_group in found
            ]
        )
        return
    if not found:
        say("Nothing waits for approval.")
        return
    rows = [
        [
            str(record.id),
            places[record.id],
            record.pending.since if record.pending else "",
            ", ".join(record.pending.groups if record.pending else ()),
            ", ".join(sorted({one for people in by_group.values() for one in people})),
            record.config_key or "",
        ]
        for record, by_group in found
    ]
    columns = ("GRANT", "ACCOUNT", "SINCE", "GROUPS", "APPROVED BY", "FILE")
    print_table(Table(columns, rows, whole=columns[:2]))
    say()
    if unread:
        say(f"Whether who approved may do so is not known: {unread}")
    say(f"latchkey approve {found[0][0].id} shows the first, and asks.")


def _rules(stack: "Stack") -> "tuple[Approval | None, str]":
    """What the guardrails say of approvals, and why they could not be read, if that is so."""
    from latchkey.errors import LatchkeyError
    from latchkey_cli.grants.waiting import rules_in_force

    try:
        return rules_in_force(stack), ""
    except LatchkeyError as error:
        return None, str(error)
