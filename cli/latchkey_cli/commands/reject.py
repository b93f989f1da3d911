"""`latchkey reject`: rejects what waits for approval."""

from typing import TYPE_CHECKING

import click

from latchkey_cli.aws.target import Target

if TYPE_CHECKING:
    from latchkey.grants.record import GrantRecord
    from latchkey_cli.aws.stack import Stack


@click.command(short_help="Reject what waits for approval.")
@click.argument("grant")
@click.option("--reason", required=True, help="Why; it stands in the rejection, for people.")
@click.option("--timeout", default=300.0, show_default=True, help="Maximum seconds to wait.")
@click.pass_obj
def command(target: Target, grant: str, reason: str, timeout: float) -> None:
    """Reject the change of GRANT (PARTNER.GRANT) that waits, until another version is uploaded.

    One person of one of the groups that have to approve is enough. What is granted already stays as
    it is. A plan says whether the rejection counts; exits with 1 if not.
    """
    from latchkey_cli.grants.names import grant_named
    from latchkey_cli.grants.waiting import waiting_of, write
    from latchkey_cli.output.terminal import say

    if not reason.strip():
        raise click.UsageError("--reason is empty: say what would have to be otherwise")
    stack = target.open()
    record = waiting_of(stack, grant_named(grant, stack))
    for key in write(stack, record, rejects=True, reason=reason):
        say(f"written: {key}")
    say(_told_by_a_plan(stack, record, timeout))


def _told_by_a_plan(stack: "Stack", record: "GrantRecord", timeout: float) -> str:
    """What a rejection that was written has come to.

    Raises
    ------
    ClickException
        When it does not count.
    """
    from latchkey_cli.grants.waiting import run_of_plan, user_id

    try:
        run = run_of_plan(stack, record, timeout)
    except click.ClickException as error:
        return f"whether that counts is not known yet: {error.message}"
    pending, outcome = record.pending, run.output.get("outcome")
    if outcome == "rejected":
        return f"rejected; `latchkey show {record.id}` has it in a moment"
    if pending and run.output.get("awaits") and run.output.get("digest") == pending.digest:
        who = user_id(stack).partition(":")[0]
        raise click.ClickException(
            f"this rejection does not count: {who} is in none of the groups that have to approve "
            f"({', '.join(pending.groups)})"
        )
    return f"whether that counts is not known yet; `latchkey show {record.id}` says it once it is"
