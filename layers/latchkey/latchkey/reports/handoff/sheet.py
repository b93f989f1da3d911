"""The sheet: its parts in order, for whatever writes them down."""

from collections.abc import Iterator

from latchkey.frozen import Frozen
from latchkey.reports.handoff import snippets
from latchkey.reports.handoff.contents import Handoff
from latchkey.reports.handoff.faults import faults


class Heading(Frozen):
    """A heading within the sheet."""

    text: str


class Paragraph(Frozen):
    """A paragraph of our own words; `code` in them stands between backticks."""

    text: str


class Banner(Frozen):
    """What has to be seen before anything else."""

    text: str


class Code(Frozen):
    """Text to be pasted as it is, which is in a language."""

    language: str
    text: str


class Value(Frozen):
    """A cell whose text is a name or a value, to be shown as such."""

    text: str


class Plain(Frozen):
    """A cell of anybody's words, in which nothing is markup."""

    text: str


Cell = str | Value | Plain


class SheetTable(Frozen):
    """A table; a cell that is just a text holds our own words, with `code` as in a paragraph."""

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


Block = Heading | Paragraph | Banner | Code | SheetTable


def title(grant: Handoff) -> str:
    """What the sheet is called."""
    return f"Access for {grant.partner}: {grant.grant}"


def blocks(grant: Handoff) -> Iterator[Block]:
    """All of the sheet below its title; of access that has ended only what it was."""
    yield from _banner(grant)
    yield _particulars(grant)
    yield Heading("What is allowed")
    yield _allowed(grant)
    if grant.phase != "ended":
        yield from _using(grant)
        yield Heading("When it does not work")
        yield SheetTable(("what you see", "what it means"), tuple(faults(grant)))


def _banner(grant: Handoff) -> Iterator[Banner]:
    if grant.phase == "ended":
        yield Banner(f"This access ended at {grant.since}. The role is gone; nothing here works.")
    if grant.phase == "suspended":
        yield Banner(
            f"This access is suspended since {grant.since}. Every call is denied until it is "
            "resumed; role and external ID stay the same."
        )


def _particulars(grant: Handoff) -> SheetTable:
    return SheetTable(("", ""), tuple(_rows(grant)))


def _rows(grant: Handoff) -> Iterator[tuple[str, Cell]]:
    yield "For", Plain(grant.config.purpose)
    yield "Ask", Plain(grant.config.owner)
    yield "Role", Value(grant.role_arn)
    yield "External ID", Value(grant.external_id) if grant.external_id else "none is asked for"
    yield from (("Also accepted", Value(other)) for other in grant.external_ids[1:])
    yield from (("May assume it", Value(principal.text)) for principal in grant.config.principals)
    yield from (("Only from", Value(network)) for network in grant.config.source_ips or ())
    if grant.config.organization_id:
        yield "Only within organization", Value(grant.config.organization_id)
    if grant.config.require_mfa:
        yield "Only with", "multi-factor authentication"
    if grant.starts_at:
        yield "Works from", grant.starts_at
    yield "Works until", grant.expires_at
    yield "Session", _session(grant.config.max_session_duration)
    if grant.issued_before:
        yield "Assume it again", f"sessions issued before {grant.issued_before} were ended"
    yield "Region", Value(grant.region)


def _session(seconds: int) -> str:
    chained = "3600 s from a session of another role"
    return f"up to {seconds} s" + (f"; {chained}" if seconds > snippets.CHAINED else "")


def _allowed(grant: Handoff) -> SheetTable:
    """With a column for conditions where there are any."""
    header = ("service", "what", "may", "under")
    rows = [
        (
            Value(row.service),
            Plain(row.resource),
            Plain(", ".join(row.may)),
            Plain("; ".join(row.conditions)),
        )
        for row in grant.allows
    ]
    width = len(header) if any(row.conditions for row in grant.allows) else len(header) - 1
    return SheetTable(header[:width], tuple(row[:width] for row in rows))


def _using(grant: Handoff) -> Iterator[Block]:
    yield Heading("Profile")
    yield Paragraph(
        "For `~/.aws/config`. The profile `default` has to be one of the principals above; its own "
        f"policy has to allow `sts:AssumeRole` on the role. {_mfa(grant)}".rstrip()
    )
    yield Code("ini", snippets.profile(grant))
    yield Heading("Try it")
    yield Paragraph(_how(grant))
    yield Code("sh", snippets.commands(grant))
    yield Heading("Python")
    yield Paragraph("boto3, without a profile; it renews the session by itself.")
    yield Code("python", snippets.boto3(grant))
    yield Heading("Terraform")
    yield Code("hcl", snippets.terraform(grant))


def _mfa(grant: Handoff) -> str:
    return "Put your MFA device in place of `YOUR-DEVICE`." if grant.config.require_mfa else ""


def _how(grant: Handoff) -> str:
    session = f"`arn:…:assumed-role/{grant.role}/{grant.name}`"
    left = [f"`{one.operation}` leaves {one.leaves}" for one in grant.tries if one.leaves]
    warned = f" Mind that {'; '.join(left)}." if left else ""
    return (
        "With the AWS CLI. The first tells until when the session lasts, the second answers "
        f"{session}, and then comes a call for each resource.{warned}"
    )
