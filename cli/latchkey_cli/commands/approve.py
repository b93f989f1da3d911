"""`latchkey approve`: shows what waits, as it is planned now, and approves it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from latchkey_cli.aws.target import Target
from latchkey_cli.grants.redaction import show_secrets, told

if TYPE_CHECKING:
    from latchkey.grants.record import GrantRecord
    from latchkey_cli.aws.stack import Stack


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
    a group that has to approve, and did not upload the config yourself: another plan says whether
    it does, and what is missing. Exits with 1 if nothing was approved.
    """
    from latchkey_cli.grants.names import grant_named
    from latchkey_cli.grants.waiting import waiting_of, write
    from latchkey_cli.output.plans import show_plan
    from latchkey_cli.output.terminal import confirmed, say

    stack = target.open()
    record = waiting_of(stack, grant_named(grant, stack))
    assert record.pending  # else there is nothing to approve
    result = _planned(stack, record, timeout)
    say(f"{result.get('config_key')}, version {result.get('config_version')}, {_uploaded(result)}:")
    shown = told(result, stack=stack, secrets=show_secrets)
    show_plan(shown, policies=policies, shown_by="--policies")
    if result.get("digest") != record.pending.digest:
        raise click.ClickException(
            "this is not the plan that waits for approval any more: the file, a resource or the "
            f"guardrails changed meanwhile. Run `latchkey reconcile {record.id}`, which asks for "
            "approval of the new plan, and approve that"
        )
    say(f"  digest   {result['digest']}")
    if not yes:
        confirmed(f"Approve this for {record.id}?")
    for key in write(stack, record, rejects=False, reason=reason):
        say(f"written: {key}")
    say(_told_by_another_plan(stack, record, timeout))


def _uploaded(result: Mapping[str, Any]) -> str:
    from latchkey.grants.author import Author

    author = result.get("author")
    return f"uploaded by {Author.from_document(author)}" if author else "nobody knows whose"


def _told_by_another_plan(stack: "Stack", record: "GrantRecord", timeout: float) -> str:
    """What an approval that was written has come to.

    Raises
    ------
    ClickException
        When it does not count.
    """
    from latchkey.grants.pending import awaited
    from latchkey_cli.grants.waiting import user_id

    try:
        result = _planned(stack, record, timeout)
    except click.ClickException as error:
        return f"it is not known yet whether that counts: {error.message}"
    needs = awaited(result)
    if not needs:
        return f"approved; nobody is missing, and `latchkey show {record.id}` says when it is done"
    me, _, session = user_id(stack).partition(":")
    if not any({me, session.lower()} & {*need.given} for need in needs):
        mine = (result.get("author") or {}).get("user_id") == me
        why = "you uploaded this version yourself" if mine else f"{me} is in none of these groups"
        raise click.ClickException(
            f"this approval does not count: {why}. It needs {', '.join(map(str, needs))}"
        )
    return f"approved; still needed: {', '.join(map(str, needs))}"


def _planned(stack: "Stack", record: "GrantRecord", timeout: float) -> dict[str, Any]:
    from latchkey_cli.aws.workflow_runs import WorkflowRuns
    from latchkey_cli.output.progress import show_progress

    request = {"bucket": record.config_bucket, "key": record.config_key, "dry_run": True}
    with show_progress(f"plan of {record.id}") as progress:
        run = WorkflowRuns(stack, timeout).run(request, progress)
    if run.failed or run.output.get("outcome") in ("rejected", "failed"):
        why = run.output.get("reason") or f"{run.error}: {run.cause}"
        raise click.ClickException(f"it cannot be granted as it is now: {why}")
    return run.output
