"""`latchkey diff`: a local config file against the one in the config bucket."""

import sys
from difflib import unified_diff
from pathlib import Path

import click

from latchkey_cli.aws.target import Target
from latchkey_cli.grants.redaction import show_secrets


@click.command(short_help="Compare a config file with the one in the config bucket.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, allow_dash=True))
@click.option("--key", help="The key in the config bucket; by default the key of the grant's file.")
@show_secrets
@click.pass_obj
def command(target: Target, file: Path, key: str | None, show_secrets: bool) -> None:
    """Show how FILE differs from the file of its grant in the config bucket, line by line.

    Exits with 0 if they are the same, and with 1 if they differ, or if there is none in the
    bucket. What applying FILE would change in AWS is shown by `latchkey plan`.
    """
    from latchkey.reports.redaction import Redactor, named_external_ids
    from latchkey_cli.config_files.live_file import file_at
    from latchkey_cli.config_files.source import config_key, read_source
    from latchkey_cli.output.terminal import print_difference, say

    stack = target.open()
    source = read_source(file, stack)
    place = config_key(source, key, stack)
    live = file_at(stack, place)
    if source.account:
        say(f"{file} is for account {source.account}", err=True)
    if live and live.body == source.body:
        say(f"{file} is the same as {place}")
        return
    if live is None:
        say(f"there is no {place}; applying {file} would create it")
        sys.exit(1)
    there, here = live.body.decode("utf-8", "replace"), source.body.decode("utf-8", "replace")
    if not show_secrets:
        redact = Redactor([*named_external_ids(there), *named_external_ids(here)])
        there, here = redact(there), redact(here)
    differs = [*unified_diff(there.splitlines(), here.splitlines(), place, str(file), lineterm="")]
    print_difference(differs)
    if not differs:
        say("they differ in external IDs (--show-secrets shows them), or in blanks at line ends")
    sys.exit(1)
