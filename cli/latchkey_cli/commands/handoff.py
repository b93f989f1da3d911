"""`latchkey handoff`: prints the hand-off sheet for the partner."""

from pathlib import Path

import click

from latchkey_cli.target import Target


@click.command(short_help="Print the hand-off sheet for the partner.")
@click.argument("grant")
@click.option("--html", is_flag=True, help="Print HTML instead of text.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file.")
@click.pass_obj
def command(target: Target, grant: str, html: bool, output: Path | None) -> None:
    """Print the hand-off sheet of GRANT (PARTNER or PARTNER.GRANT).

    The sheet contains the external ID. Send it to the partner only.
    """
    from latchkey.keys import SHEET, SHEET_PAGE
    from latchkey_cli.names import grant_named
    from latchkey_cli.results import find_beside

    stack = target.open()
    named = grant_named(grant, stack)
    text = find_beside(stack, named, SHEET_PAGE if html else SHEET)
    if text is None:
        raise click.ClickException(
            f"there is no hand-off sheet of {named}; one is written when a grant is made or "
            "changed, so apply its file again"
        )
    if output is None:
        click.echo(text.decode(), nl=False)
        return
    output.write_bytes(text)
    click.echo(f"written to {output}; it holds the external ID", err=True)
