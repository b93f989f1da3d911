"""`latchkey stacks`: the stacks of the settings file."""

import os
from dataclasses import asdict

import click

from latchkey_cli.aws.settings_file import read_settings
from latchkey_cli.aws.target import OVERRIDING, Target, overriding
from latchkey_cli.output.tables import Format, Table, format_options
from latchkey_cli.output.terminal import print_json, say

_COLUMNS = ("NAME", "STACK", "REGION", "PROFILE", "ACCOUNT", "ENDPOINT")


@click.command(short_help="List the stacks of your settings file.")
@format_options
@click.pass_obj
def command(target: Target, *, output: Format) -> None:
    """List the stacks of your settings file; the one that commands work on has a star.

    The file is ~/.config/latchkey/config.toml, or as LATCHKEY_CONFIG_FILE says. Nothing is asked
    of AWS.
    """
    file = read_settings(os.environ)
    chosen = target.chosen(file)
    found = [*file.stacks.values()]
    if output.is_json:
        print_json([{**asdict(one), "chosen": one == chosen} for one in found])
        return
    if not found:
        say(f'{file.path} lists no stacks; docs/cli.md, "Several stacks", has an example')
        return
    rows = [
        [
            "*" if one == chosen else "",
            one.name,
            one.stack_name,
            one.region or "",
            one.profile or "",
            one.account or "",
            one.endpoint_url or "",
        ]
        for one in found
    ]
    output.print(Table(["", *_COLUMNS], rows, whole=_COLUMNS))
    for setting in OVERRIDING:
        if variable := overriding(setting, os.environ):
            say(f"{variable} is set, and wins over {setting} in {file.path}", err=True)
    if chosen not in found:
        say(f"in use: the stack {chosen.stack_name!r}, which is not listed", err=True)
