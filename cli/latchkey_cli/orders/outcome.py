"""The outcome of an order on the terminal."""

from typing import TYPE_CHECKING, Any

from latchkey_cli.health_checks.result import counted
from latchkey_cli.orders.order import Order
from latchkey_cli.output.terminal import say

if TYPE_CHECKING:
    from latchkey_cli.aws.workflow_runs import WorkflowRun


def print_outcome(run: "WorkflowRun", order: Order) -> None:
    """Print how the run of an order ended."""
    from latchkey_cli.output.terminal import print_json, styled

    if order.as_json:
        print_json({"error": run.error, "cause": run.cause} if run.failed else run.output)
    elif run.failed:
        styled(f"{run.error or run.status}: {run.cause or 'the run did not end'}", "bold red")
    elif "outcomes" in run.output:
        _print_report(run.output, order)
    else:
        _print_result(run.output, order)


def exit_status(run: "WorkflowRun", order: Order) -> int:
    """1 if the run failed, or the order was rejected or failed, or found that the grant ends."""
    outcome, ended = run.output.get("outcome"), ("revoked", "expired", "suspended")
    if order.action == "confirm" and outcome in ended:  # as when its file is gone meanwhile
        return 1
    return 1 if run.failed or outcome in ("rejected", "failed") else 0


def _print_result(result: dict[str, Any], order: Order) -> None:
    """The result of an order for one grant, or of one that was rejected."""
    from latchkey_cli.output.plans import show_outcome, show_plan

    for problem in result.get("problems", []):
        say(f"{problem['path']}: {problem['message']}")
    if order.dry_run and result.get("outcome") == "planned":
        show_plan(result)
    else:
        show_outcome(result)


def _print_report(report: dict[str, Any], order: Order) -> None:
    """The report of a bulk order: the number of grants for each outcome."""
    from latchkey_cli.output.tables import Table, print_table
    from latchkey_cli.output.terminal import styled

    grants = report.get("grants", 0)
    ordered = "would be ordered" if order.dry_run else "ordered"
    styled(f"{order.action}: {ordered} for {counted(grants, 'grant')}", "bold")
    rows = [[f"  {outcome}", str(count)] for outcome, count in report["outcomes"].items()]
    if rows:
        print_table(Table(["  OUTCOME", "GRANTS"], rows))
