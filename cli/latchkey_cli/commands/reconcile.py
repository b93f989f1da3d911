"""`latchkey reconcile`: has a grant looked at now."""

import sys

import click

from latchkey_cli.aws.target import Target


@click.command(short_help="Have a grant made as its file says, now.")
@click.argument("grant")
@click.option(
    "--reason",
    default="reconciled by hand",
    show_default=True,
    help="The reason, recorded in the history.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be done, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--timeout", default=300.0, show_default=True, help="Maximum seconds to wait.")
@click.pass_obj
def command(
    target: Target, grant: str, reason: str, *, dry_run: bool, as_json: bool, timeout: float
) -> None:
    """Compare GRANT (PARTNER or PARTNER.GRANT) with the newest version of its file now.

    What differs is put right: the role, its expiry schedule, an end that is overdue. Where nothing
    differs, nothing changes, so it is always safe. What somebody suspended stays suspended.
    Exits with 1 if it failed, or if the file would be rejected.
    """
    from latchkey_cli.grants.names import ALL, parse_name
    from latchkey_cli.orders.command import carry_out
    from latchkey_cli.orders.order import Order

    if parse_name(grant)[1] == ALL:
        raise click.UsageError("name one grant; the stack looks at all of them every hour")
    order = Order(
        "check",
        grant,
        reason,
        dry_run=dry_run,
        as_json=as_json,
        timeout=timeout,
    )
    sys.exit(carry_out(target, order))
