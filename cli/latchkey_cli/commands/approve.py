"""`latchkey approve`: shows what waits, as it is planned now, and approves it."""

from typing import Any

import click

from latchkey_cli.aws.target import Target
from latchkey_cli.grants.redaction import show_secrets, told


@click.command(short_help="Approve what waits for approval.")
@click.argument("grant")
@click.option("--reason", default="", help="Why; it stands in the approval, for people.")
@click.option("--policies", is_flag=True, help="Also show the policies of a new grant.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.option("--timeout", default=300.0, show_default=True, help="Maximum seconds to wait.")
@show_secrets
@click.pass_obj
def command(
    target: Target,
    grant: str,
    reason: str,
    *,
    policies: bool,
    yes: bool,
    timeout: float,
    show_secrets: bool,
) -> None:
    """Plan the change of GRANT (PARTNER.GRANT) that waits, show it, ask, and approve exactly that.

    The approval is a file that only you can write, under your own user ID. It counts if you are in
    a group that has to approve, and did not upload the config yourself. Exits with 1 if nothing was
    approved.
    """
    from latchkey_cli.grants.names import grant_named
    from latchkey_cli.grants.waiting import waiting_of, write
    from latchkey_cli.output.plans import show_plan
    from latchkey_cli.output.terminal import confirmed, say

    stack = target.open()
    record = waiting_of(stack, grant_named(grant, stack))
    assert record.pending  # else there is nothing to approve
    result = _planned(stack, record, timeout)
    show_plan(told(result, stack=stack, secrets=show_secrets), policies=policies)
    if result.get("digest") != record.pending.digest:
        raise click.ClickException(
            "this is not the plan that waits for approval any more: the file, a resource or the "
            f"guardrails changed meanwhile. Run `latchkey reconcile {record.id}`, which asks for "
            "approval of the new plan, and approve that"
        )
    for need in result.get("awaits") or []:
        say(f"  approvals of {need['group']}: {need['needed']} needed, {len(need['given'])} given")
    if not yes:
        confirmed(f"Approve this for {record.id}?")
    for key in write(stack, record, rejects=False, reason=reason):
        say(f"approved: {key}")


def _planned(stack: Any, record: Any, timeout: float) -> dict[str, Any]:
    from latchkey_cli.aws.workflow_runs import WorkflowRuns
    from latchkey_cli.output.progress import show_progress

    request = {"bucket": record.config_bucket, "key": record.config_key, "dry_run": True}
    with show_progress(f"plan of {record.id}") as progress:
        run = WorkflowRuns(stack, timeout).run(request, progress)
    if run.failed or run.output.get("outcome") in ("rejected", "failed"):
        why = run.output.get("reason") or f"{run.error}: {run.cause}"
        raise click.ClickException(f"it cannot be granted as it is now: {why}")
    return run.output
