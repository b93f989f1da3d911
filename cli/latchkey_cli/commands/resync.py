"""`latchkey resync`: compares the config bucket with the records, and reconciles what differs."""

import click

from latchkey_cli.aws.target import Target
from latchkey_cli.health_checks.result import counted
from latchkey_cli.output.terminal import say

_WORDS = {
    "gone": "not there any more, though a live grant was granted by it",
    "unread": "uploaded, and not read since",
}


@click.command(short_help="Look for uploads that were missed, and handle them.")
@click.option("--dry-run", is_flag=True, help="Only list the files.")
@click.option("--yes", is_flag=True, help="Do not ask where files are gone and grants would end.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(target: Target, *, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Compare all config files with the records now, and start a run for each that differs.

    The stack does the same once an hour, for uploads that are older than 15 minutes. Files that
    were uploaded a moment ago may be listed as well; a second run for them does no harm.
    """
    import time
    from datetime import UTC, datetime, timedelta

    from latchkey.newer_python import replace
    from latchkey_cli.aws.files import file_check
    from latchkey_cli.output.terminal import print_json

    stack, now = target.open(), datetime.now(UTC)
    check = file_check(stack)
    found = check.compare(now, younger=timedelta(0))
    if as_json:
        print_json(found.document())
    else:
        for kind, keys in found.document().items():
            for key in keys:
                say(f"{key}: {_WORDS[kind]}")
    if dry_run or not found.keys:
        say(f"{counted(len(found.keys), 'file')} not as on record", err=True)
        return
    if found.gone and not yes:
        _confirm(len(found.gone))
    named = replace(check, requested_by=stack.caller[:256])
    started = named.start(found, once=time.time_ns())
    runs = counted(len(started.keys), "run")
    say(f"started {runs}; `latchkey result KEY` shows how it ended", err=True)


def _confirm(gone: int) -> None:
    from latchkey_cli.output.terminal import confirmed, interactive

    if not interactive():
        raise click.UsageError(f"{_ending(gone)}; without a terminal, that needs --yes")
    confirmed(f"{_ending(gone)}. Go on?")


def _ending(gone: int) -> str:
    return f"{counted(gone, 'file')} gone from the bucket, which ends what they granted"
