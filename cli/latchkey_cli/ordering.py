"""The commands that order something of live grants: one grant, all of a partner, or all."""

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from latchkey_cli.target import Target

if TYPE_CHECKING:
    from latchkey_cli.runs import Ended
    from latchkey_cli.stack import Stack

_ALL = "*"
_SHOWN = 12


@dataclass(frozen=True)
class Order:
    """An order as it was given on the command line."""

    action: str
    grant: str | None
    reason: str
    all_grants: bool
    everything: bool
    confirm: str | None
    dry_run: bool
    yes: bool
    as_json: bool
    timeout: float


def order_command(action: str, sentence: str) -> click.Command:
    """The command for an action of the workflow's; `sentence` says what it does."""

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
        sys.exit(_carry_out(target, Order(action, **given)))

    return command


_SCOPE = (
    "GRANT is PARTNER.GRANT, PARTNER for its main or only grant, or PARTNER.* for all its grants. "
    "The order applies until the grant's file is uploaded again. Exits with 1 if a grant was not "
    "done."
)


def _carry_out(target: Target, order: Order) -> int:
    from latchkey_cli.progress import progress
    from latchkey_cli.runs import Runs

    if not order.reason.strip():
        raise click.UsageError("--reason must not be blank: whoever reads the history needs it")
    if order.everything == bool(order.grant):
        raise click.UsageError("name a grant, or say --everything, and not both")
    stack = target.open()
    request = {**_scope(stack, order), "action": order.action, "reason": order.reason}
    request["requested_by"] = stack.caller[:256]
    if order.dry_run:
        request["dry_run"] = True
    many = request["grant"] == _ALL
    if many and not order.dry_run:
        _ask(stack, order, str(request["partner"]))
    with progress(f"{order.action} of {_told(request)}") as tell:
        ended = Runs(stack, order.timeout).run(request, tell)
    return _show(ended, order, many=many)


def _scope(stack: "Stack", order: Order) -> dict[str, Any]:
    from latchkey_cli.names import grant_named, parse_name

    if order.everything:
        return {"partner": _ALL, "grant": _ALL, "confirm": "all"}
    name = order.grant or ""
    partner, grant = parse_name(name)
    if order.all_grants and grant not in (None, _ALL):
        raise click.UsageError(f"--all-grants is for a partner: name {partner}, not {name}")
    if order.all_grants or grant == _ALL:
        return {"partner": partner, "grant": _ALL}
    named = grant_named(name, stack)
    return {"partner": named.partner, "grant": named.grant}


def _ask(stack: "Stack", order: Order, partner: str) -> None:
    """Say whom an order for many is for, and have it confirmed."""
    from latchkey_cli.output import interactive

    live = sorted((grant.id for grant in stack.live_grants.all()), key=str)
    meant = [str(grant) for grant in live if partner in (_ALL, grant.partner)]
    more = f" and {len(meant) - _SHOWN} more" if len(meant) > _SHOWN else ""
    click.echo(f"{order.action} {len(meant)} grants: {', '.join(meant[:_SHOWN])}{more}", err=True)
    if order.everything and order.confirm != "all":
        if not interactive():
            raise click.UsageError("--everything needs --confirm all where there is no terminal")
        if click.prompt('Type "all" for every grant of every partner', err=True) != "all":
            raise click.Abort
    elif not order.everything and not order.yes:
        if not interactive():
            raise click.UsageError("all grants of a partner need --yes where there is no terminal")
        click.confirm(f"{order.action} all of them?", abort=True, err=True)


def _show(ended: "Ended", order: Order, *, many: bool) -> int:
    from latchkey_cli.output import print_json, styled

    if order.as_json:
        told = {"error": ended.error, "cause": ended.cause} if ended.failed else ended.output
        print_json(told)
    elif ended.failed:
        styled(f"{ended.error or ended.status}: {ended.cause or 'the run did not end'}", "bold red")
    elif many:
        _show_many(ended.output, order)
    else:
        _show_one(ended.output, order)
    refused = ended.output.get("outcome") in ("rejected", "failed")
    return 1 if ended.failed or refused else 0


def _show_one(result: dict[str, Any], order: Order) -> None:
    from latchkey_cli.plan_view import show_outcome, show_plan

    for problem in result.get("problems", []):
        click.echo(f"{problem['path']}: {problem['message']}")
    if order.dry_run and result.get("outcome") == "planned":
        show_plan(result)
    else:
        show_outcome(result)


def _show_many(report: dict[str, Any], order: Order) -> None:
    from latchkey_cli.output import print_table, styled

    if "outcomes" not in report:  # it was no order for many after all: rejected, and why
        _show_one(report, order)
        return
    grants = report.get("grants", 0)
    would = "would be ordered" if order.dry_run else "ordered"
    styled(f"{order.action}: {grants} grants {would}", "bold")
    rows = [[f"  {outcome}", str(count)] for outcome, count in report["outcomes"].items()]
    if rows:
        print_table(["  OUTCOME", "GRANTS"], rows)


def _told(request: dict[str, Any]) -> str:
    if request["partner"] == _ALL:
        return "every grant"
    return f"{request['partner']}.{request['grant']}"
