"""`latchkey grants`: lists who has access to what, until when."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from latchkey_cli.aws.account_options import in_accounts
from latchkey_cli.aws.target import Target
from latchkey_cli.output.tables import Format, Table, format_options
from latchkey_cli.output.terminal import say

if TYPE_CHECKING:
    from latchkey.grant_id import GrantId
    from latchkey.grants.record import GrantRecord
    from latchkey_cli.aws.stack import Stack

_SPAN = re.compile(r"([1-9][0-9]*)([hdw])", re.ASCII)
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}
_COLORS = {"suspended": "yellow", "failed": "bold red", "expired": "dim", "revoked": "dim"}


@dataclass(frozen=True)
class _Filter:
    """The grants to list; None means any."""

    partner: str | None
    status: str | None
    owner: str | None
    before: datetime | None
    resource: str | None
    accounts: frozenset[str]
    stack: "Stack"
    now: datetime

    def has(self, record: "GrantRecord") -> bool:
        """Whether a grant is to be listed."""
        from latchkey.grants.phase import standing
        from latchkey.times import instant, parse_instant
        from latchkey_cli.grants.accounts import account_of
        from latchkey_cli.grants.config_fields import access_of, config_of

        config = config_of(record)
        stands = standing(record, instant(self.now))
        ends = None if stands.phase in ("ended", "none") else record.expires_at
        named = [resource for _, resource, _ in access_of(config)]
        return (
            self.partner in (None, record.partner)
            and self.status in (None, record.status)
            and (self.owner is None or self.owner.lower() in (record.owner or "").lower())
            and (self.before is None or (ends is not None and parse_instant(ends) <= self.before))
            and (self.resource is None or any(self.resource in name for name in named))
            and (not self.accounts or account_of(record, self.stack) in self.accounts)
        )


def _span(context: click.Context, _: click.Parameter, text: str | None) -> timedelta | None:
    if text is None:
        return None
    found = _SPAN.fullmatch(text)
    if not found or len(found[1]) > 4:
        raise click.BadParameter("write a span like 12h, 30d or 4w", context)
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


@click.command(short_help="List who has access to what, until when.")
@click.option("--partner", help="Only grants of this partner.")
@click.option(
    "--status",
    type=click.Choice(
        ["active", "suspended", "failed", "rejected", "pending_approval", "revoked", "expired"]
    ),
    help="Only this status; revoked and expired with --partner.",
)
@click.option("--owner", metavar="TEXT", help="Only grants whose owner contains TEXT.")
@click.option(
    "--resource", metavar="TEXT", help="Only grants for a resource whose name contains TEXT."
)
@click.option(
    "--expiring",
    metavar="SPAN",
    callback=_span,
    help="Only grants that end within SPAN, like 12h, 30d or 4w.",
)
@in_accounts("Only grants in this AWS account; can be repeated.")
@click.option("--all", "ended", is_flag=True, help="With --partner: also grants that have ended.")
@format_options
@click.pass_obj
def command(
    target: Target,
    *,
    partner: str | None,
    status: str | None,
    owner: str | None,
    resource: str | None,
    expiring: timedelta | None,
    accounts: frozenset[str],
    ended: bool,
    output: Format,
) -> None:
    """List grants: who has access to what, until when. Grants that end first come first."""
    if ended and not partner:
        raise click.UsageError("--all is for the grants of one partner; name it with --partner")
    ended = ended or status in ("revoked", "expired")
    if ended and not partner:
        raise click.UsageError(f"grants that are {status} are listed by partner; add --partner")
    from latchkey_cli.grants.accounts import account_of, shown_accounts
    from latchkey_cli.grants.names import rejected
    from latchkey_cli.grants.records import records
    from latchkey_cli.grants.redaction import document_told, of_record, record_told
    from latchkey_cli.output.terminal import print_json

    stack, now = target.open(), datetime.now(UTC)
    before = now + expiring if expiring else None
    filter_ = _Filter(partner, status, owner, before, resource, accounts, stack, now)
    grants = _of_partner(stack, str(partner)) if ended else _live(stack, partner)
    if status in ("rejected", "pending_approval"):  # of which no role was made
        grants = sorted(rejected(stack), key=str)
    read = [*records(stack, grants)]
    redact = of_record(*(record.document() for record in read))
    found = [record for record in read if filter_.has(record)]
    found.sort(key=lambda record: (record.expires_at or "", record.id))
    places = shown_accounts(found, stack)
    if output.kind == "csv":  # as JSON, it always says where
        places = {record.id: account_of(record, stack) for record in found}
    found = [record_told(record, redact) for record in found]
    if output.is_json:
        print_json(
            [document_told(record) | {"account": account_of(record, stack)} for record in found]
        )
        return
    _print(found, places, now, output)


def _print(
    found: "list[GrantRecord]", places: "dict[GrantId, str]", now: datetime, output: Format
) -> None:
    if not found:
        say("no grant is like that; `latchkey grants` lists those that are live", err=True)
        return
    output.print(
        Table(
            ["GRANT", "ACCOUNT", "STATUS", "ENDS", "IN", "OWNER", "ACCESS", "LAST USED"],
            [_row(record, places[record.id], now) for record in found],
            whole=("GRANT", "ACCOUNT", "STATUS", "ENDS", "IN", "LAST USED"),
            spare=("LAST USED", "IN", "OWNER"),
            style=lambda row: _COLORS.get(row[2]),
        )
    )
    say(f"{len(found)} grant{'s' * (len(found) != 1)}", err=True)


def _row(record: "GrantRecord", account: str, now: datetime) -> list[str]:
    from latchkey.grants.phase import standing
    from latchkey.times import instant
    from latchkey_cli.grants.config_fields import access_of, config_of
    from latchkey_cli.output.durations import from_now

    config, stands = config_of(record), standing(record, instant(now))
    access = ", ".join(f"{service} {name} ({allow})" for service, name, allow in access_of(config))
    return [
        str(record.id),
        account,
        stands.title,
        stands.end or "",
        from_now(stands.end, now),
        record.owner or "",
        access,
        (record.last_used or "")[:10],
    ]


def _live(stack: "Stack", partner: str | None) -> "list[GrantId]":
    return sorted((grant for grant in stack.on_record if partner in (None, grant.partner)), key=str)


def _of_partner(stack: "Stack", partner: str) -> "list[GrantId]":
    from latchkey.grant_id import GrantId
    from latchkey_cli.aws.history import history_reader

    found = {GrantId.parse(name) for name in history_reader(stack).grants_of(partner)}
    return sorted(filter(None, found), key=str)
