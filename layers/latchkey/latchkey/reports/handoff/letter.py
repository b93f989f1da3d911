"""The first part of the sheet, for whoever sets the access up: what it is, and what to paste."""

from collections.abc import Iterable, Iterator

from latchkey.config.web_identity import WebIdentity
from latchkey.reports.handoff import snippets
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
from latchkey.reports.handoff.contents import Handoff
from latchkey.reports.partner_needs import role_names

_DATES = {
    "begins": "Works from",
    "began": "Works from",
    "was to begin": "Was to work from",
    "ends": "Works until",
    "ended": "Worked until",
    "was to end": "Was to work until",
}
_ITSELF = "sts"
"""What a role that may assume itself is allowed: told with who may assume it."""


def letter(grant: Handoff) -> Iterator[Block]:
    """All of it; of access that has ended only what it was."""
    yield from _banner(grant)
    yield from _words(grant)
    if grant.phase != "ended":
        yield Heading("What to paste where")
        yield SheetTable(("the form asks for", "paste"), tuple(_role(grant)))
        yield SheetTable(("resource", "the form asks for", "paste"), tuple(_resources(grant)))
    yield Heading("What was allowed" if grant.phase == "ended" else "What is allowed")
    yield _allowed(grant)
    yield Heading("By whom, from where, until when")
    yield SheetTable(("", ""), tuple(_particulars(grant)))


def _banner(grant: Handoff) -> Iterator[Banner]:
    if grant.phase == "ended":
        yield Banner(f"This access ended at {grant.since}. The role is gone; nothing here works.")
    if grant.phase == "suspended":
        yield Banner(
            f"This access is suspended since {grant.since}. Every call is denied until it is "
            "resumed; role and external ID stay the same."
        )
    if grant.phase != "ended" and grant.not_before:
        yield Banner(f"Not before {grant.not_before}: until then every call is denied.")


def _words(grant: Handoff) -> Iterator[Block]:
    config, ended = grant.config, grant.phase == "ended"
    verb = "gave" if ended else "gives"
    yield Prose(
        (
            Plain(config.owner),
            f"{verb} you, {grant.partner}, access to the resources below in our AWS account "
            f"`{grant.account}`, for this purpose:",
            Plain(config.purpose),
        )
    )
    if not ended:
        begin = f"from {grant.starts_at} " if grant.starts_at else ""
        yield Paragraph(
            f"Access works {begin}until {grant.expires_at}{_longer(grant)}, and then ends by "
            "itself, open sessions included. There is no password or key to keep: "
            f"{_who(grant)} assumes a role in our account. Paste the values of the tables below "
            "into the form of your service, or hand this page to the engineers who do so: the "
            "technical note has the policy, calls to try, and what errors mean."
        )
    contact = ("at", Plain(config.owner_contact)) if config.owner_contact else ()
    yield Prose(("Questions:", Plain(config.owner), *contact))


def _longer(grant: Handoff) -> str:
    return ", or longer where we confirm it before" if grant.config.confirm_every_days else ""


def _who(grant: Handoff) -> str:
    by_token = bool(grant.config.web_identities)
    return "whoever has your identity provider's token" if by_token else "your own AWS identity"


def _role(grant: Handoff) -> Iterator[tuple[Cell, ...]]:
    for need in role_names(grant.role_arn):
        yield need.what, Value(need.value)
    yield from _external_ids(grant)
    yield "Region", Value(grant.region)


def _external_ids(grant: Handoff) -> Iterator[tuple[str, Cell]]:
    if identities := grant.config.web_identities:
        yield from _audiences(identities)
        return
    if not grant.external_ids:
        yield "external ID", "leave it empty: none is asked for"
    for number, external_id in enumerate(grant.external_ids):
        yield "also accepted" if number else "external ID", Value(external_id)


def _audiences(identities: Iterable[WebIdentity]) -> Iterator[tuple[str, Cell]]:
    """The audience that tokens have to be for; with its provider where there are several."""
    found = {(one.oidc_provider, one.audience): None for one in identities}
    several = len({audience for _, audience in found}) > 1
    for provider, audience in found:
        yield f"audience of the token{f' ({provider})' if several else ''}", Value(audience)
        if not several:
            return


def _resources(grant: Handoff) -> Iterator[tuple[Cell, ...]]:
    for resource in grant.resources:
        title = resource.title
        for label, value in resource.values:
            yield title, label, Value(value)
            title = ""


def _allowed(grant: Handoff) -> SheetTable:
    """With a column for conditions where there are any."""
    header = ("service", "what", "could" if grant.phase == "ended" else "may", "under")
    rows = [
        (
            Value(row.service),
            Plain(row.resource),
            Plain(", ".join(row.may)),
            Plain("; ".join(row.conditions)),
        )
        for row in grant.allows
        if row.service != _ITSELF
    ]
    width = len(header) if any(row.conditions for row in grant.allows) else len(header) - 1
    return SheetTable(header[:width], tuple(row[:width] for row in rows))


def _particulars(grant: Handoff) -> Iterator[tuple[str, Cell]]:
    config = grant.config
    if grant.phase == "ended":
        yield "role ARN", Value(grant.role_arn)
        yield from _external_ids(grant)
    may = "Could assume it" if grant.phase == "ended" else "May assume it"
    names = [text for one in config.principals for text in one.texts]
    yield from (("" if number else may, Value(text)) for number, text in enumerate(names))
    yield from (("Only from", Value(network)) for network in config.source_ips or ())
    if config.organization_id:
        yield "Only within organization", Value(config.organization_id)
    if config.require_mfa:
        yield "Only with", "multi-factor authentication"
    yield from _brought(grant)
    yield from ((_DATES[what], at) for what, at in grant.standing.dates())
    yield "Session", _session(config.max_session_duration)
    if grant.issued_before:
        yield "Assume it again", f"sessions issued before {grant.issued_before} were ended"


def _brought(grant: Handoff) -> Iterator[tuple[str, Cell]]:
    tags = grant.config.session_tags
    if tags:
        keys = ", ".join(f"`{key}`" for key in tags) if isinstance(tags, tuple) else ""
        yield "Session tags", f"may be passed, with the keys {keys}" if keys else "may be passed"
    if grant.config.source_identity:
        yield "Source identity", "may be set"
    if grant.config.self_assume:
        same = ", with the same external ID" if grant.external_id else ""
        yield "Assumes itself", f"sessions may assume the role again{same}"


def _session(seconds: int) -> str:
    chained = "3600 s from a session of another role"
    return f"up to {seconds} s" + (f"; {chained}" if seconds > snippets.CHAINED else "")
