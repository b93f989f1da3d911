"""The commands for orders: one grant, all grants of a partner, or every grant."""

import sys
from dataclasses import replace
from typing import Any

import click

from latchkey_cli.aws.target import Target
from latchkey_cli.grants.names import ALL
from latchkey_cli.orders.order import Order

_SCOPE = (
    "GRANT is PARTNER.GRANT, PARTNER for its main or only grant, or PARTNER.* for all its grants. "
    "The order applies until the grant's file is uploaded again. Exits with 1 if a grant was not "
    "done."
)

_NAMES = {"check": "reconcile"}
"""Commands that have another name than their action."""


def order_command(action: str, sentence: str) -> click.Command:
    """The command for an action of the workflow; `sentence` says what it does."""

    @click.command(action, short_help=sentence, help=f"{sentence}\n\n{_SCOPE}")
    @click.argument("grant", required=False)
    @click.option("--reason", required=True, help="The reason, recorded in the history.")
    @click.option(
        "--all-grants", is_flag=True, help="All grants of the partner; same as PARTNER.*."
    )
    @click.option("--everything", is_flag=True, help="Every grant of every partner.")
    @click.option(
        "--confirm", type=click.Choice(["all"]), help="Confirm --everything without a prompt."
    )
    @click.option("--dry-run", is_flag=True, help="Show what would be done, and change nothing.")
    @click.option(
        "--yes", is_flag=True, help="Do not ask for confirmation for all grants of a partner."
    )
    @click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
    @click.option("--timeout", default=600.0, show_default=True, help="Maximum seconds to wait.")
    @click.pass_obj
    def command(target: Target, /, **given: Any) -> None:
        sys.exit(carry_out(target, Order(action, **given)))

    return command


def carry_out(target: Target, order: Order) -> int:
    """Start the run of an order and wait for it; answers the exit status."""
    from latchkey.text import shows
    from latchkey_cli.aws.workflow_runs import WorkflowRuns
    from latchkey_cli.grants.redaction import told
    from latchkey_cli.orders.confirmation import confirm, print_names
    from latchkey_cli.orders.order import workflow_input
    from latchkey_cli.orders.outcome import exit_status, print_outcome
    from latchkey_cli.output.progress import show_progress

    if not shows(order.reason):
        raise click.UsageError("--reason must not be blank; it is recorded in the history")
    if order.everything == bool(order.grant):
        raise click.UsageError("name a grant or give --everything, but not both")
    stack = target.open()
    request = workflow_input(order, stack)
    if request["grant"] == ALL and not order.dry_run:
        confirm(order, str(request["partner"]), stack)
    elif request["grant"] == ALL:
        print_names(order, str(request["partner"]), stack)
    doing = _NAMES.get(order.action, order.action)
    with show_progress(f"{doing} of {_scope_text(request)}") as progress:
        run = WorkflowRuns(stack, order.timeout).run(request, progress)
    print_outcome(replace(run, output=told(run.output, stack=stack, secrets=False)), order)
    return exit_status(run, order)


def _scope_text(request: dict[str, Any]) -> str:
    if request["partner"] == ALL:
        return "every grant"
    return f"{request['partner']}.{request['grant']}"
