"""`latchkey problems`: what needs a look, files that name no grant and accounts included."""

import sys

import click

from latchkey_cli.aws.target import Target
from latchkey_cli.grants.redaction import show_secrets
from latchkey_cli.output.terminal import say


@click.command(short_help="List rejected files, failed grants, findings, and accounts not checked.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@show_secrets
@click.pass_obj
def command(target: Target, *, as_json: bool, show_secrets: bool) -> None:
    """List what needs a look: files whose newest version was not granted, failed grants, findings.

    Accounts beside the stack's own that the last drift check could not read are listed, too.

    Exits with 1 if there is anything.
    """
    from latchkey_cli.grants.records import records
    from latchkey_cli.grants.redaction import of_record
    from latchkey_cli.grants.troubled import troubles
    from latchkey_cli.output.terminal import print_json
    from latchkey_cli.output.troubles import print_trouble, told_troubles

    stack = target.open()
    live = list(records(stack, stack.on_record))
    found = troubles(stack, live)
    if not show_secrets:
        found = told_troubles(found, of_record(*(record.document() for record in live)))
    if as_json:
        print_json([one.document() for one in found])
    else:
        for one in found:
            print_trouble(one)
    count = f"{len(found)} need{'s' * (len(found) == 1)} a look" if found else "nothing to look at"
    say(count, err=True)
    sys.exit(1 if found else 0)
