"""`latchkey who-had-access`: lists who had access to a resource, at a time or within one."""

import sys
from datetime import UTC, datetime, time, timedelta
from typing import Any, TypeAlias

import click

from latchkey_cli.aws.account_options import account_id, in_accounts
from latchkey_cli.aws.target import Target
from latchkey_cli.output.tables import Format, format_options

Span: TypeAlias = tuple[datetime, datetime]

_DAY = "2026-03-31"


def _span(context: click.Context, _: click.Parameter, text: str | None) -> Span | None:
    """A moment, or all of a day in UTC: its first and its last microsecond."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        message = f"write a date like {_DAY}, or a time like {_DAY}T14:00:00Z"
        raise click.BadParameter(message, context) from None
    if len(text) <= len(_DAY):
        return found.replace(tzinfo=UTC), datetime.combine(found, time.max, UTC)
    if found.tzinfo is None:
        raise click.BadParameter("a time needs an offset, like Z or +02:00", context)
    return found.astimezone(UTC), found.astimezone(UTC)


@click.command(short_help="List who had access to a resource, and when.")
@click.argument("resource", required=False)
@click.option(
    "--at",
    metavar="DATE",
    callback=_span,
    help="A date (all of that day, in UTC) or a time with an offset; now if omitted.",
)
@click.option("--from", "since", metavar="DATE", callback=_span, help="From this date or time on.")
@click.option("--to", "until", metavar="DATE", callback=_span, help="Up to it; now if omitted.")
@click.option("--account", callback=account_id, help="Only principals of this AWS account.")
@in_accounts("Only roles in this AWS account; can be repeated.", "--in-account")
@format_options
@click.pass_obj
def command(
    target: Target,
    resource: str | None,
    at: Span | None,
    since: Span | None,
    until: Span | None,
    account: str | None,
    accounts: frozenset[str],
    output: Format,
) -> None:
    """List who had access to RESOURCE: now, at any time of a day, or between two times.

    RESOURCE is a name or an ARN, as in configs; with --account it may be left out. Exits with 1 if
    no grant ever had anything of that name.
    """
    from latchkey.grant_id import GrantId
    from latchkey_cli.aws.history import history_reader
    from latchkey_cli.grants.chains import warn
    from latchkey_cli.grants.known import access_of_account, near_names
    from latchkey_cli.output.history_table import located, print_history
    from latchkey_cli.output.terminal import say

    start, end = _asked(at, since, until)
    if not (resource or account):
        raise click.UsageError("name a resource, or an account with --account")
    stack = target.open()
    reader = history_reader(stack)
    if resource:
        found = reader.who_had_access(resource, start, end)
    else:
        found = access_of_account(stack, str(account), start, end)
    found = [row for row in located(found) if account is None or _is_of(row, account)]
    found = [row for row in found if not accounts or row["account"] in accounts]
    what = resource or f"what {account} may use"
    where = f" in account {' or '.join(sorted(accounts))}" if accounts else ""
    whose = f"nobody of account {account}" if account and resource else "nobody"
    none = f"{whose} had access to {what}{where} {_words(start, end)}"
    if not found and resource and not reader.knows(resource):
        near = near_names(stack, resource)
        also = f"; did you mean {' or '.join(near)}?" if near else ""
        if output.is_json:
            print_history([], output=output, none="")
        say(f"no grant ever had access to anything named {resource}{also}", err=True)
        sys.exit(1)
    print_history(found, output=output, none=none, own=stack.environment.account)
    named = (GrantId(row["partner"], row["grant"]) for row in found)
    warn(stack, reader.concerned(resource) if resource else named)


def _asked(at: Span | None, since: Span | None, until: Span | None) -> Span:
    now = datetime.now(UTC)
    if at and (since or until):
        raise click.UsageError("give --at, or --from and --to, but not both")
    if at:
        return at
    if until and not since:
        raise click.UsageError("--to needs --from")
    start, end = since[0] if since else now, until[1] if until else now
    if start > end:
        raise click.UsageError(f"--from is after --to: {start:%Y-%m-%dT%H:%M:%SZ}")
    return start, end


def _is_of(row: dict[str, Any], account: str) -> bool:
    return any(account in str(principal).split(":") for principal in row.get("principals", ()))


def _words(start: datetime, end: datetime) -> str:
    if start == end:
        return f"at {start:%Y-%m-%dT%H:%M:%SZ}"
    if end - start == timedelta(days=1) - timedelta(microseconds=1):
        return f"on {start:%Y-%m-%d}"
    return f"from {start:%Y-%m-%dT%H:%M:%SZ} to {end:%Y-%m-%dT%H:%M:%SZ}"
