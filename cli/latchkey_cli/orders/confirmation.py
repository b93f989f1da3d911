"""The confirmation of a bulk order."""

from typing import TYPE_CHECKING

import click

from latchkey_cli.grants.names import ALL
from latchkey_cli.health_checks.result import counted
from latchkey_cli.orders.order import Order
from latchkey_cli.output.terminal import say

if TYPE_CHECKING:
    from latchkey_cli.aws.stack import Stack

_SHOWN = 12


def confirm(order: Order, partner: str, stack: "Stack") -> None:
    """Show the grants of a bulk order, and have it confirmed."""
    ordered = _ordered(partner, stack)
    more = f" and {len(ordered) - _SHOWN} more" if len(ordered) > _SHOWN else ""
    names = ", ".join(ordered[:_SHOWN])
    say(f"{order.action} {counted(len(ordered), 'grant')}: {names}{more}", err=True)
    if order.everything and order.confirm != "all":
        _confirm_everything()
    elif not order.everything and not order.yes:
        _confirm_partner(order)


def print_names(order: Order, partner: str, stack: "Stack") -> None:
    """Print all grants of a bulk order that is only tried, on standard error."""
    ordered = _ordered(partner, stack)
    say(f"{order.action} would be ordered for {counted(len(ordered), 'grant')}:", err=True)
    for name in ordered:
        say(f"  {name}", err=True)


def _ordered(partner: str, stack: "Stack") -> list[str]:
    live = sorted((grant.id for grant in stack.live_grants.all()), key=str)
    return [str(grant) for grant in live if partner in (ALL, grant.partner)]


def _confirm_everything() -> None:
    from latchkey_cli.output.terminal import ask, interactive

    if not interactive():
        raise click.UsageError("--everything needs --confirm all without a terminal")
    if ask('Type "all" for every grant of every partner') != "all":
        raise click.Abort


def _confirm_partner(order: Order) -> None:
    from latchkey_cli.output.terminal import confirmed, interactive

    if not interactive():
        raise click.UsageError("all grants of a partner need --yes without a terminal")
    confirmed(f"{order.action} all of them?")
