"""`latchkey spokes`: the accounts beside the stack's own in which it may grant, and enrolment."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from latchkey_cli.aws.account_options import account_id, profile_option
from latchkey_cli.aws.target import Target
from latchkey_cli.output.tables import Format, Table, format_options

if TYPE_CHECKING:
    from latchkey_cli.spokes.known import Spoke

_COLORS = {"failed": "bold red", "never checked": "yellow", "not allowed": "yellow"}


@click.group(
    "spokes", invoke_without_command=True, short_help="List and enrol accounts to grant in."
)
@format_options
@click.pass_context
def command(context: click.Context, *, output: Format) -> None:
    """List the accounts beside the stack's own in which it may grant (docs/spokes.md).

    Exits with 1 if one could not be checked the last time. The subcommands enrol an account.
    """
    if context.invoked_subcommand:
        return
    from latchkey_cli.output.terminal import print_json, say
    from latchkey_cli.spokes.known import spokes
    from latchkey_cli.spokes.template import current_version

    target: Target = context.obj
    found, newest = spokes(target.open()), current_version()
    if output.is_json:
        print_json([_document(one, newest) for one in found])
    elif not found:
        say(
            "none: the guardrails' allowed_accounts names no other account; "
            "`latchkey spokes enrol` and `spokes allow` add one",
            err=True,
        )
    else:
        _print(found, newest, output)
    sys.exit(1 if any(one.failed for one in found) else 0)


def _print(found: "list[Spoke]", newest: int, output: Format) -> None:
    columns = ("ACCOUNT", "STATUS", "GRANTS", "SINCE", "CHECKED", "FAILED", "VERSION", "ERROR")
    rows = [
        [
            one.account,
            one.status,
            str(len(one.grants)),
            one.record.since or "",
            one.record.checked_at or "",
            one.record.failed_at or "",
            f"{one.record.version or ''}{f' (newest {newest})' * one.older_than(newest)}",
            one.record.error or "",
        ]
        for one in found
    ]
    whole, spare = columns[:-1], ("SINCE", "VERSION", "FAILED")
    output.print(Table(columns, rows, whole, spare, lambda row: _COLORS.get(row[1])))


def _document(one: "Spoke", newest: int) -> dict[str, Any]:
    return {
        **vars(one.record),
        "status": one.status,
        "allowed": one.allowed,
        "grants": [*one.grants],
        "newest_version": newest,
        "outdated": one.older_than(newest),
    }


@command.command("enrol", short_help="Deploy spoke.yaml in an account.")
@click.argument("account", callback=account_id)
@profile_option("The AWS profile of that account.")
@click.option("--print", "only_print", is_flag=True, help="Print what to run, and run nothing.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.option("--timeout", default=900.0, show_default=True, help="Maximum seconds to wait.")
@click.pass_obj
def enrol(
    target: Target,
    account: str,
    *,
    profile: str | None,
    only_print: bool,
    yes: bool,
    timeout: float,
) -> None:
    """Deploy spoke.yaml in ACCOUNT, with the parameters of the stack, and wait for it.

    Run it again to bring an account up to date. The credentials are those of --profile-of-spoke,
    and have to be of ACCOUNT. --print shows the commands for a stack by itself and for a stack set
    instead, which need spoke.yaml: `latchkey spokes template -o spoke.yaml`.
    """
    from latchkey_cli.output.terminal import print_text, say
    from latchkey_cli.spokes.commands import commands, next_steps
    from latchkey_cli.spokes.enrolment import enrolment

    stack = target.open()
    if account == stack.environment.account:
        raise click.UsageError(f"{account} is the stack's own account, which needs no enrolment")
    if only_print:
        print_text(commands(stack, account))
        return
    if profile is None:
        raise click.UsageError("name a profile of that account with --profile-of-spoke, or --print")
    made = enrolment(stack, account, profile)
    say(f"account  {account}, as {made.caller}", err=True)
    for place in made.places:
        say(f"stack    {place.stack} in {place.region}: {place.what}", err=True)
    for name, value in made.parameters.items():
        say(f"         {name} = {value or '(empty)'}", err=True)
    _confirm("Deploy it?", f"this deploys a stack in account {account}", yes=yes)
    from latchkey_cli.output.progress import show_progress

    for place in made.places:
        with show_progress(f"stack {place.stack} in {place.region}") as progress:
            say(f"{place.stack} in {place.region}: {place.deploy(progress, timeout)}")
    print_text(next_steps(stack, account, profile, allowed_there=made.has_guardrails()))


@command.command("allow", short_help="Put an account on the guardrails' allowed_accounts.")
@click.argument("account", callback=account_id)
@click.option("--remove", is_flag=True, help="Take it off instead; not while it has live grants.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.pass_obj
def allow(target: Target, account: str, *, remove: bool, dry_run: bool, yes: bool) -> None:
    """Put ACCOUNT on `allowed_accounts` of the stack's guardrails, after showing the difference.

    The parameter is read again right before it is written. It is security's: whoever may not write
    it sees what is to be written.
    """
    from latchkey_cli.output.terminal import print_difference, say
    from latchkey_cli.spokes.allowed import Change

    stack = target.open()
    if account == stack.environment.account:
        raise click.UsageError(f"{account} is the stack's own account, which is always allowed")
    change = Change.of(stack, account, remove=remove)
    if not change.difference:
        is_ = "is not" if remove else "is already"
        say(f"{account} {is_} on allowed_accounts of {change.name}; nothing to change")
        return
    print_difference(change.difference)
    if dry_run:
        say("dry run: nothing was written", err=True)
        return
    _confirm("Write it?", f"this changes the guardrails in {change.name}", yes=yes)
    say(f"written: {change.name}, version {change.write()}")


@command.command("template", short_help="Write spoke.yaml to a file.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file.")
def template(*, output: Path | None) -> None:
    """Print spoke.yaml, the template for accounts to grant in, as it is for this version."""
    from latchkey_cli.output.terminal import print_bytes, say
    from latchkey_cli.spokes import template as shipped

    text = shipped.template()
    if output is None:
        print_bytes(text.encode())
        return
    output.write_text(text, encoding="utf-8")
    say(f"written to {output}", err=True)


def _confirm(question: str, what: str, *, yes: bool) -> None:
    from latchkey_cli.output.terminal import confirmed, interactive

    if yes:
        return
    if not interactive():
        raise click.UsageError(f"{what}, and there is no terminal for confirmation; give --yes")
    confirmed(question)
