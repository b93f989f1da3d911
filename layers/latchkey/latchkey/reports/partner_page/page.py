"""The page about a partner as one HTML file, to be read, sent and printed by itself."""

from collections.abc import Iterator, Mapping
from typing import Any

from latchkey.grants.phase import allows_words
from latchkey.iam.web_identity import principal_texts
from latchkey.keys import EVENT
from latchkey.reports.handoff.blocks import (
    Banner,
    Block,
    Cell,
    Heading,
    Paragraph,
    Plain,
    Prose,
    SheetTable,
    Value,
)
from latchkey.reports.handoff.html import page
from latchkey.reports.partner_page.contents import GrantHistory, PartnerAccess, second
from latchkey.reports.redaction import Redactor
from latchkey.reports.register.entry import session_conditions
from latchkey.reports.register.history import history_line
from latchkey.services.registry import titles

_UNENDED = "no end in its policies"


def html(about: PartnerAccess) -> str:
    """The whole page; its texts are shown as they are, whatever they hold."""
    return page(f"Access of {about.partner}", blocks(about), wide=True)


def blocks(about: PartnerAccess) -> Iterator[Block]:
    """All of the page below its title."""
    redact, live = about.redactor(), about.live()
    broken = [str(grant.record.id) for grant in about.grants if grant.broken]
    if broken:
        yield Banner(f"Not as it was written: the history of {', '.join(broken)}. See History.")
    yield Paragraph(
        f"What {about.partner} may do in the AWS account {about.account}, what it could do at any "
        f"time before, and why. Read on {_when(about.now)} from the stack `{about.stack}` in "
        f"{about.region}, by Latchkey {about.version}. Times are in UTC. External IDs are left out."
    )
    yield SheetTable(
        ("grant", "state", "from", "until", "owner"),
        tuple(_brief(about, grant, redact) for grant in about.grants),
    )
    yield Heading("What it may do")
    if not live:
        yield Paragraph("Nothing: no grant is live.")
    for grant in live:
        yield from _grant(about, grant, redact)
    yield Heading("What it could ever do", part=True)
    yield from _periods(about, redact)
    yield Heading("History", part=True)
    yield Paragraph(
        "Each entry carries the SHA-256 of the one before it. Keep the last digest: a later page "
        "shows it, or says more, unless somebody changed what is told here."
    )
    for grant in about.grants:
        yield from _history(grant, redact)


def _brief(about: PartnerAccess, grant: GrantHistory, redact: Redactor) -> tuple[Cell, ...]:
    record, stands = grant.record, about.standing(grant)
    mine = [row for row in about.periods if row["grant"] == record.grant]
    began = min((row["since"] for row in mine), default="")
    return (
        Value(str(record.id)),
        Plain(stands.title),
        Plain(_when(began)),
        Plain(_when(stands.end or "")),
        Plain(redact(record.owner or "")),
    )


def _grant(about: PartnerAccess, grant: GrantHistory, redact: Redactor) -> Iterator[Block]:
    record, stands, config = grant.record, about.standing(grant), grant.config
    yield Heading(f"{record.id}: {stands.title}", 3)
    asked = bool(record.external_ids or record.external_id)
    facts: dict[str, Any] = {
        "purpose": redact(record.purpose or ""),
        "owner": redact(" ".join(filter(None, (record.owner, record.owner_contact)))),
        "who may use it": "; ".join(map(_who, principal_texts(config.get("principals")))),
        "on condition": "; ".join(
            [*(["its external ID"] if asked else []), *map(redact, session_conditions(config))]
        ),
        **{what: _when(at) for what, at in stands.dates()},
        "last used": _when(record.last_used or "") or "never seen",
        "reason": redact(record.reason),
        "role": record.role_arn or "",
        "file": redact(record.config_key or "none, by workflow input"),
    }
    yield SheetTable(("", ""), tuple((n, Plain(str(t))) for n, t in facts.items() if t))
    for finding in record.findings:
        yield Prose(("To look at:", Plain(redact(finding.message))))
    yield Paragraph(allows_words(record, stands))
    names = titles()
    rows = tuple(
        (
            Plain(names.get(row["service"], row["service"])),
            Value(redact(row["resource"])),
            Plain(redact(_may(row))),
        )
        for row in about.rows(grant)
    )
    yield SheetTable(("service", "resource", "may"), rows)


def _who(principal: str) -> str:
    return f"any principal of account {principal}" if principal.isdigit() else principal


def _periods(about: PartnerAccess, redact: Redactor) -> Iterator[Block]:
    if not about.periods:
        yield Paragraph("Nothing: it never had any access.")
        return
    header = ("grant", "resource", "may", "from", "until", "who", "ended by")
    yield SheetTable(header, tuple(_period(row, redact) for row in about.periods))


def _period(row: Mapping[str, Any], redact: Redactor) -> tuple[Cell, ...]:
    since = _when(row["since"])
    return (
        Value(f"{row['partner']}.{row['grant']}"),
        Value(redact(row["resource"])),
        Plain(redact(_may(row))),
        Plain(since if row["since_known"] else f"before {since}"),
        Plain(_when(row["until"])),
        Value(", ".join(row["principals"])),
        Plain(redact(row["ended"] or "")),
    )


def _may(row: Mapping[str, Any]) -> str:
    return ", ".join(row["may"]) + ("" if row["certain"] else " (perhaps)")


def _history(grant: GrantHistory, redact: Redactor) -> Iterator[Block]:
    yield Heading(str(grant.record.id), 3)
    yield from _chain(grant)
    lines = [history_line(e, redact) for e in grant.entries if str(e["sk"]).startswith(EVENT)]
    yield SheetTable(
        ("when", "what", "by", "why", "changed"),
        tuple(
            (
                Plain(_when(line["at"])),
                Plain(line["event"]),
                Plain(line["by"]),
                Plain(line["reason"]),
                Plain("; ".join(line["details"])),
            )
            for line in lines
        ),
    )


def _chain(grant: GrantHistory) -> Iterator[Block]:
    checked = grant.checked
    if grant.broken:
        yield Banner(f"The history is not as it was written: {grant.broken}")
    elif checked.entries and grant.head:
        known = f"The history is as it was written: {checked.entries} entries in its chain"
        yield Prose((f"{known}, the last with the digest", Value(grant.head)))
    if checked.older:
        yield Paragraph(f"The chain does not vouch for {checked.older} entries from before it.")


def _when(moment: str) -> str:
    return second(moment, never=_UNENDED).replace("T", " ").removesuffix("Z")
