"""`latchkey confirm`: lets a grant without a fixed end go on."""

import sys

import click

from latchkey_cli.aws.target import Target
from latchkey_cli.orders.command import carry_out
from latchkey_cli.orders.order import Order


@click.command(short_help="Confirm that a grant without a fixed end goes on.")
@click.argument("grant")
@click.option("--reason", required=True, help="Why it is still needed, recorded in the history.")
@click.option("--dry-run", is_flag=True, help="Show the date that results, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--timeout", default=300.0, show_default=True, help="Maximum seconds to wait.")
@click.pass_obj
def command(
    target: Target, grant: str, reason: str, *, dry_run: bool, as_json: bool, timeout: float
) -> None:
    """Confirm GRANT (PARTNER or PARTNER.GRANT), whose file says `confirm_every_days`.

    It then ends so many days from now, unless it is confirmed again. One grant at a time; a grant
    that is suspended or has ended cannot be confirmed. Exits with 1 if it was not.
    """
    if "*" in grant:
        raise click.UsageError("confirm one grant at a time, each by somebody who has looked at it")
    order = Order(
        "confirm",
        grant,
        reason,
        dry_run=dry_run,
        as_json=as_json,
        timeout=timeout,
    )
    sys.exit(carry_out(target, order))
