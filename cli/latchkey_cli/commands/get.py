"""`latchkey get`: the file of a grant as it is in the config bucket."""

from pathlib import Path

import click

from latchkey_cli.aws.target import Target
from latchkey_cli.output.terminal import print_bytes, say


@click.command(short_help="Print the file of a grant as it is in the config bucket.")
@click.argument("grant")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file.")
@click.pass_obj
def command(target: Target, grant: str, output: Path | None) -> None:
    """Print the file of GRANT (PARTNER or PARTNER.GRANT), byte by byte.

    It is the newest version, accepted or not, and contains the external ID. With -o, only you can
    read the file that is written.
    """
    from latchkey_cli.config_files.live_file import live_file
    from latchkey_cli.grants.names import grant_named
    from latchkey_cli.output.files import write_secret

    stack = target.open()
    live = live_file(stack, grant_named(grant, stack))
    if output is None:
        print_bytes(live.body)
        return
    write_secret(output, live.body)
    say(f"{live.key} is written to {output}", err=True)
