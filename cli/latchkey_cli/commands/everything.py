"""`latchkey everything`: all access a partner ever had."""

import click

from latchkey_cli.target import Target


@click.command(short_help="List all access a partner ever had.")
@click.argument("partner")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(target: Target, partner: str, as_json: bool) -> None:
    """List all access that PARTNER ever had, and when."""
    from latchkey_cli.names import parse_name
    from latchkey_cli.past import history_reader, print_answer

    name, grant = parse_name(partner)
    if grant:
        raise click.UsageError(f"name the partner only: {name}")
    found = history_reader(target.open()).everything_of(name)
    print_answer(found, as_json=as_json, none=f"{name} never had any access")
