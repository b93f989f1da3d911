"""`latchkey partner-page`: a page about one partner, for an auditor."""

from pathlib import Path

import click

from latchkey_cli.aws.target import Target
from latchkey_cli.output.terminal import say


@click.command(short_help="Write a page about one partner, for an auditor.")
@click.argument("partner")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help="Write to this file."
)
@click.pass_obj
def command(target: Target, partner: str, output: Path) -> None:
    """Write an HTML page with all that PARTNER may do, what it could ever do, and its history.

    The page opens in any browser without a network, prints, and contains no external IDs. Exits
    with 1 if a history is not as it was written, which the page says, too.
    """
    from datetime import UTC, datetime

    from latchkey.reports.partner_page.page import html
    from latchkey_cli.grants.names import parse_name
    from latchkey_cli.grants.partner_access import partner_access

    name, grant = parse_name(partner)
    if grant:
        raise click.UsageError(f"name the partner only: {name}")
    about = partner_access(target.open(), name, datetime.now(UTC))
    output.write_text(html(about), encoding="utf-8")
    say(f"written to {output}", err=True)
    if broken := [one.broken for one in about.grants if one.broken]:
        say(f"warning: {'; '.join(broken)}; see docs/runbook.md#a-broken-history", err=True)
        raise click.exceptions.Exit(1)
