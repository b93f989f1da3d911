"""An order as given on the command line, and the workflow input for it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from latchkey_cli.grants.names import ALL, grant_named, parse_name

if TYPE_CHECKING:
    from latchkey_cli.aws.stack import Stack


@dataclass(frozen=True)
class Order:
    """An order for one grant, or, where it says so, all grants of a partner or every grant."""

    action: str
    grant: str | None
    reason: str
    dry_run: bool
    as_json: bool
    timeout: float
    all_grants: bool = False
    everything: bool = False
    confirm: str | None = None
    yes: bool = False


def workflow_input(order: Order, stack: "Stack") -> dict[str, Any]:
    """The workflow input of an order; `grant` is `*` for a bulk order."""
    scope = _scope(order, stack)
    request = {**scope, "action": order.action, "reason": order.reason}
    request["requested_by"] = stack.caller[:256]
    return request | ({"dry_run": True} if order.dry_run else {})


def _scope(order: Order, stack: "Stack") -> dict[str, Any]:
    if order.everything:
        return {"partner": ALL, "grant": ALL, "confirm": "all"}
    name = order.grant or ""
    partner, grant = parse_name(name)
    if order.all_grants and grant not in (None, ALL):
        raise click.UsageError(f"--all-grants is for a partner: name {partner}, not {name}")
    if order.all_grants or grant == ALL:
        return {"partner": partner, "grant": ALL}
    named = grant_named(name, stack)
    return {"partner": named.partner, "grant": named.grant}
