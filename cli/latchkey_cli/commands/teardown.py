"""`latchkey teardown`: takes a stack out of service, so that it can be deleted."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from latchkey_cli.aws.target import Target
from latchkey_cli.output.terminal import ask, say

if TYPE_CHECKING:
    from latchkey_cli.aws.stack import Stack
    from latchkey_cli.teardown.retained import Retained


@click.command(short_help="Revoke every grant, so that the stack can be deleted.")
@click.option("--reason", required=True, help="The reason, recorded in the history.")
@click.option("--confirm", metavar="STACK", help="The stack's name; asked for if omitted.")
@click.option(
    "--delete-data",
    is_flag=True,
    help="Also delete what would outlive the stack: configs, results, history, guardrails.",
)
@click.option(
    "--takeover",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write what CloudFormation needs to import this data into a new stack.",
)
@click.option("--timeout", default=3600.0, show_default=True, help="Maximum seconds to wait.")
@click.pass_obj
def command(
    target: Target,
    reason: str,
    confirm: str | None,
    delete_data: bool,
    takeover: Path | None,
    timeout: float,
) -> None:
    """Stop the intake of files, revoke every grant, and check in IAM that no role is left.

    Grants in other accounts are revoked like all others; the stacks there stay, and are named. Run
    it before `sam delete`, which would leave the roles without anything to end them. Exits with 1
    while something is left; it can be run again.
    """
    from latchkey_cli.spokes.known import as_far_as_known
    from latchkey_cli.teardown.intake import stop_intake
    from latchkey_cli.teardown.leftovers import leftovers
    from latchkey_cli.teardown.retained import retained

    if not reason.strip():
        raise click.UsageError("--reason must not be blank; it is recorded in the history")
    if delete_data and takeover:
        raise click.UsageError("--takeover keeps the data, and --delete-data deletes it")
    stack = target.open()
    _confirm(stack, confirm, delete_data=delete_data)
    kept, accounts = retained(stack), [one.account for one in as_far_as_known(stack)]
    sources = stop_intake(stack)
    say(f"intake stopped: {sources} disabled; files that are uploaded now wait", err=True)
    if any(True for _ in stack.live_grants.all()):
        _revoke_all(stack, reason, timeout)
    left = leftovers(stack)
    for line in left.lines():
        say(line, style="red")
    if left:
        say("not done: end what is named above, and run this command again", err=True)
        sys.exit(1)
    say("no grant is live; IAM has no role and Scheduler no schedule of this stack")
    _data(stack, kept, delete_data=delete_data, takeover=takeover)
    _spokes(stack, accounts)
    region = stack.region
    say(f"now delete the stack: sam delete --stack-name {stack.name} --region {region}")


def _confirm(stack: "Stack", confirm: str | None, *, delete_data: bool) -> None:
    from latchkey_cli.output.terminal import interactive

    what = "revokes every grant" + (" and deletes configs, results and history" * delete_data)
    if confirm is None and interactive():
        question = f"This {what} of the stack {stack.name}. Type its name to go on"
        confirm = ask(question)
    if confirm != stack.name:
        raise click.UsageError(f"this {what}; confirm it with --confirm {stack.name}")


def _spokes(stack: "Stack", accounts: list[str]) -> None:
    """The stacks in other accounts, which nobody deletes with this one."""
    from latchkey_cli.spokes.commands import removal

    for account in accounts:
        for line in removal(stack):
            say(f"stays: the stack in account {account}; {line}")


def _revoke_all(stack: "Stack", reason: str, timeout: float) -> None:
    """The bulk order; what it does not end is found when the account is read."""
    from latchkey_cli.aws.workflow_runs import WorkflowRuns
    from latchkey_cli.output.progress import show_progress

    request = {
        "action": "revoke",
        "partner": "*",
        "grant": "*",
        "confirm": "all",
        "reason": reason,
        "requested_by": stack.caller[:256],
    }
    with show_progress("revoke of every grant") as progress:
        run = WorkflowRuns(stack, timeout).run(request, progress)
    if run.failed:
        say(f"{run.error or run.status}: {run.cause or 'the run did not end'}", style="red")


def _data(
    stack: "Stack", kept: "tuple[Retained, ...]", *, delete_data: bool, takeover: Path | None
) -> None:
    from latchkey_cli.teardown.retained import delete_data as delete
    from latchkey_cli.teardown.retained import write_takeover

    if delete_data:
        for line in delete(stack, kept):
            say(f"deleted {line}")
        for one in kept:
            if one.locked:
                say(f"stays, since its objects are locked: {one.shown}")
        return
    for one in kept:
        say(f"stays: {one.shown}")
    if kept:
        say(
            "a new stack of this name needs these names: take them over (--takeover FOLDER) or "
            "delete them (--delete-data) first (docs/runbook.md, Leaving)"
        )
    if takeover:
        template, resources = write_takeover(kept, takeover)
        say(f"written: {template}, {resources}")
