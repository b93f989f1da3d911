"""`latchkey handoff`: prints the hand-off sheet for the partner."""

from pathlib import Path

import click

from latchkey_cli.aws.target import Target
from latchkey_cli.output.terminal import say


@click.command(short_help="Print what the partner needs to know: the hand-off sheet.")
@click.argument("grant")
@click.option("--html", is_flag=True, help="Print HTML instead of text.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file.")
@click.pass_obj
def command(target: Target, grant: str, html: bool, output: Path | None) -> None:
    """Print the hand-off sheet of GRANT (PARTNER or PARTNER.GRANT).

    It is for the partner: what to paste where, what is allowed, calls to try. It contains the
    external ID, so send it to the partner only.
    """
    from latchkey.keys import SHEET, SHEET_PAGE
    from latchkey_cli.aws.results_bucket import grant_file
    from latchkey_cli.grants.names import grant_named
    from latchkey_cli.output.files import write_secret
    from latchkey_cli.output.terminal import print_text

    stack = target.open()
    named = grant_named(grant, stack)
    text = grant_file(stack, named, SHEET_PAGE if html else SHEET)
    if text is None:
        raise click.ClickException(
            f"there is no hand-off sheet of {named}; sheets are written when a grant is created "
            "or changed, so apply its file again"
        )
    if output is None:
        print_text(text.decode())
        return
    write_secret(output, text)
    say(f"written to {output}; it contains the external ID", err=True)
