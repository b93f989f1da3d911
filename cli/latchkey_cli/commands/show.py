"""`latchkey show`: shows one grant."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from latchkey_cli.aws.target import Target
from latchkey_cli.grants.redaction import show_secrets
from latchkey_cli.output.terminal import say

if TYPE_CHECKING:
    from latchkey.grant_id import GrantId
    from latchkey.grants.phase import Standing
    from latchkey.grants.record import GrantRecord
    from latchkey_cli.authorship.run_starts import RunStartsFound
    from latchkey_cli.aws.stack import Stack

_STYLES = {"active": "bold green", "suspended": "bold yellow", "failed": "bold red"}


@click.command(short_help="Show a grant: principals, permissions, dates, history.")
@click.argument("grant")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--cloudtrail",
    is_flag=True,
    help="Look up in CloudTrail who started each run, and compare that with the history.",
)
@click.option("--wide", is_flag=True, help="All columns, however narrow the terminal.")
@show_secrets
@click.pass_obj
def command(
    target: Target, grant: str, as_json: bool, *, cloudtrail: bool, wide: bool, show_secrets: bool
) -> None:
    """Show GRANT (PARTNER or PARTNER.GRANT): principals, permissions, dates and history."""
    from latchkey.grants.phase import standing
    from latchkey.times import instant
    from latchkey_cli.grants.accounts import account_of, shown_accounts
    from latchkey_cli.grants.chains import warn
    from latchkey_cli.grants.config_fields import config_of
    from latchkey_cli.grants.names import grant_named, no_grant
    from latchkey_cli.grants.records import history, record_of
    from latchkey_cli.grants.redaction import beside, document_told, of_record, record_told
    from latchkey_cli.grants.waiting import as_told
    from latchkey_cli.output.terminal import print_json

    stack = target.open()
    named = grant_named(grant, stack)
    record = record_of(stack, named)
    if record is None:
        raise click.ClickException(no_grant(named, stack))
    events, config = history(stack, named), config_of(record)
    planned = _next_event(stack, record)
    starts = _starts(stack, named, events) if cloudtrail else None
    stands = standing(record, instant(datetime.now(UTC)))
    document = {**record.document(), "config": config}
    unredacted, waits = record, as_told(stack, record)
    if not show_secrets:
        redact = of_record(record.document(), beside(stack, named), *events)
        record, events = record_told(record, redact), redact.document(events)
        document, waits = document_told(record), waits and redact(waits)
        starts = starts.told(redact) if starts else None
    warn(stack, [named])
    if as_json:
        found = {"cloudtrail": starts.document()} if starts else {}
        told = {"account": account_of(unredacted, stack), "phase": stands.phase, "history": events}
        print_json({**document, **told, "next_event": planned, **found})
        _complete(starts)
        return
    _show_state(record, stands, planned, shown_accounts([unredacted], stack)[named], waits)
    if show_secrets:
        for external_id in _external_ids(record):
            say(f"  {'ID':<11}{external_id} (external ID)")
    _show_trouble(stack, unredacted, config, secrets=show_secrets)
    _show_trust(record, stands)
    _show_access(record, stands)
    _show_history(events, wide=wide)
    if starts:
        from latchkey_cli.authorship.printing import print_starts

        print_starts(starts, events)
        _complete(starts)


def _starts(stack: "Stack", grant: "GrantId", events: list[dict[str, Any]]) -> "RunStartsFound":
    """Who started the runs of a history, by CloudTrail."""
    from latchkey_cli.authorship.run_starts import RunStarts
    from latchkey_cli.output.progress import show_progress

    with show_progress("looking up who started the runs"):
        return RunStarts(stack, datetime.now(UTC)).of(grant, events)


def _complete(starts: "RunStartsFound | None") -> None:
    """What was asked for and could not be told is an error, after all that could."""
    if starts and starts.incomplete:
        raise click.ClickException(f"CloudTrail was not asked for every run: {starts.incomplete}")


def _next_event(stack: "Stack", record: "GrantRecord") -> dict[str, str] | None:
    """The next scheduled event, and whether its schedule exists."""
    from latchkey.times import instant

    now = instant(datetime.now(UTC))
    if not record.live:
        return None
    if record.starts_at and record.starts_at > now and record.status == "active":
        return {"event": "begins", "at": record.starts_at, "by": "the dates in its policies"}
    if not record.expires_at:
        return None
    scheduled = stack.schedules.observe(str(record.id))
    by = f"schedule at {scheduled}" if scheduled else "the sweep: its schedule is MISSING"
    return {"event": "ends", "at": record.expires_at, "by": by}


def _show_state(
    record: "GrantRecord",
    stands: "Standing",
    planned: dict[str, str] | None,
    account: str,
    waits: str | None,
) -> None:
    from latchkey_cli.output.durations import from_now
    from latchkey_cli.output.terminal import styled

    now = datetime.now(UTC)
    style = "bold" if stands.overdue else _STYLES.get(record.status, "bold")
    styled(f"{record.id}: {stands.title}", style)
    rows = {
        "purpose": record.purpose,
        "owner": record.owner,
        "file": record.config_key or "none, by workflow input",
        "author": str(record.author or "unknown: S3 named nobody") if record.config_key else None,
        "scope": record.scope[0] if record.scope else None,
        "role": record.role_arn,
        "account": account,
        "contact": record.owner_contact,
        **{what: f"{at} ({from_now(at, now)})" for what, at in stands.dates()},
        "reason": record.reason,
        "changed": record.updated_at,
        "last used": record.last_used or "never seen",
        "pending": waits,
        "next": f"{planned['event']} {planned['at']}, by {planned['by']}" if planned else None,
    }
    for name, value in rows.items():
        if value:
            say(f"  {name:<13}{value}")
    for finding in record.findings:
        styled(f"  ! {finding.path} {finding.message}", "yellow")


def _show_trouble(
    stack: "Stack", record: "GrantRecord", config: dict[str, Any], *, secrets: bool
) -> None:
    """What is wrong with the newest version of the grant's file."""
    from latchkey_cli.grants.redaction import of_record
    from latchkey_cli.grants.troubled import trouble_with
    from latchkey_cli.output.troubles import print_trouble, told_troubles

    found = trouble_with(stack, record.config_key) if record.config_key else None
    if found is None:
        return
    if not secrets:
        (found,) = told_troubles([found], of_record(record.document(), config))
    say()
    say("The newest version of its file was not granted:")
    print_trouble(found, "  ")


def _show_trust(record: "GrantRecord", stands: "Standing") -> None:
    from latchkey.iam.web_identity import principal_texts
    from latchkey_cli.grants.config_fields import config_of

    config = config_of(record)
    if not config:
        if record.live and record.inline:
            say("  its config cannot be read as it was recorded; `latchkey doctor` says why")
        return
    say()
    past = stands.phase in ("ended", "none")
    say("Who could assume the role:" if past else "Who may assume the role:")
    for principal in principal_texts(config.get("principals")):
        whole = "any principal of account " if principal.isdigit() else ""
        say(f"  {whole}{principal}")
    conditions = {
        "with the external ID of the hand-off": len(_external_ids(record)) == 1,
        "with one of the external IDs of the hand-off": len(_external_ids(record)) > 1,
        f"from {', '.join(config.get('source_ips') or [])}": bool(config.get("source_ips")),
        f"of organization {config.get('organization_id')}": bool(config.get("organization_id")),
        "with MFA": bool(config.get("require_mfa")),
    }
    for text in (text for text, holds in conditions.items() if holds):
        say(f"  only {text}")
    if tags := config.get("session_tags"):
        say(f"  may pass session tags: {', '.join(tags) if isinstance(tags, list) else 'any'}")
    if config.get("source_identity"):
        say("  may set a source identity")
    if config.get("self_assume"):
        say("  the role may assume itself")
    say(f"  in sessions of up to {config.get('max_session_duration', 3600) // 60} minutes")


def _external_ids(record: "GrantRecord") -> tuple[str, ...]:
    """Those that the role accepts; of a grant that has ended, the one that it had."""
    return record.external_ids or tuple(filter(None, [record.external_id]))


def _show_access(record: "GrantRecord", stands: "Standing") -> None:
    from latchkey.grants.phase import allows_words
    from latchkey_cli.grants.config_fields import access_of, config_of
    from latchkey_cli.output.tables import Table, print_table

    say()
    say(allows_words(record, stands))
    if stands.phase in ("ended", "none"):
        return
    rows = _indented(access_of(config_of(record)))
    print_table(Table(["  SERVICE", "RESOURCE", "MAY"], rows, whole=("  SERVICE", "RESOURCE")))


def _indented(rows: list[tuple[str, str, str]]) -> list[tuple[str, ...]]:
    return [(f"  {service}", resource, allow) for service, resource, allow in rows]


def _show_history(events: list[dict[str, Any]], *, wide: bool) -> None:
    from latchkey.grants.trigger import triggered_by
    from latchkey_cli.output.tables import Table, print_table

    say()
    say("History:")
    rows = [
        [
            f"  {event['sk'].split('#')[1][:19]}Z",
            str(event.get("event")),
            triggered_by(event),
            ", ".join(event.get("drift") or []) or str(event.get("reason", "")),
        ]
        for event in events
    ]
    print_table(
        Table(["  WHEN", "WHAT", "BY", "WHY"], rows, whole=("  WHEN", "WHAT"), spare=("BY",)),
        wide=wide,
    )
