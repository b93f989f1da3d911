"""`latchkey reject`: rejects what waits for approval."""

import click

from latchkey_cli.aws.target import Target


@click.command(short_help="Reject what waits for approval.")
@click.argument("grant")
@click.option("--reason", required=True, help="Why; it stands in the rejection, for people.")
@click.pass_obj
def command(target: Target, grant: str, reason: str) -> None:
    """Reject the change of GRANT (PARTNER.GRANT) that waits, until another version is uploaded.

    One person of one of the groups that have to approve is enough. What is granted already stays as
    it is.
    """
    from latchkey_cli.grants.names import grant_named
    from latchkey_cli.grants.waiting import waiting_of, write
    from latchkey_cli.output.terminal import say

    stack = target.open()
    record = waiting_of(stack, grant_named(grant, stack))
    for key in write(stack, record, rejects=True, reason=reason):
        say(f"rejected: {key}")
