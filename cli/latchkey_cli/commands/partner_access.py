"""`latchkey partner-access`: all access a partner ever had."""

import click

from latchkey_cli.aws.target import Target
from latchkey_cli.output.tables import Format, format_options


@click.command(short_help="List all access a partner ever had.")
@click.argument("partner")
@format_options
@click.pass_obj
def command(target: Target, partner: str, output: Format) -> None:
    """List all access that PARTNER ever had, and when. Exits with 1 if it never had a grant."""
    from latchkey.grant_id import GrantId
    from latchkey_cli.aws.history import history_reader
    from latchkey_cli.grants.chains import warn
    from latchkey_cli.grants.names import parse_name
    from latchkey_cli.grants.partner_access import never_had_a_grant
    from latchkey_cli.output.history_table import located, print_history

    name, grant = parse_name(partner)
    if grant:
        raise click.UsageError(f"name the partner only: {name}")
    stack = target.open()
    reader = history_reader(stack)
    found = located(reader.everything_of(name))
    if not found and not reader.grants_of(name):
        if output.is_json:
            print_history([], output=output, none="")
        raise click.ClickException(never_had_a_grant(name, stack))
    none, own = f"{name} never had any access", stack.environment.account
    print_history(found, output=output, none=none, own=own)
    warn(stack, filter(None, map(GrantId.parse, reader.grants_of(name))))
