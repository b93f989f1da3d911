"""Names of grants on the command line: `acme.reports`, or `acme` for its only grant."""

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from latchkey.grant_id import SLUG, GrantId

if TYPE_CHECKING:
    from latchkey_cli.aws.stack import Stack

_NAME = re.compile(rf"({SLUG})(?:\.({SLUG}|\*))?", re.ASCII)
ALL = "*"
"""All grants of a partner, in place of a grant's name."""


def parse_name(text: str) -> tuple[str, str | None]:
    """The partner and grant of a name; the grant is None if omitted, `*` for all.

    Raises
    ------
    UsageError
        If the text is not the name of a grant.
    """
    found = _NAME.fullmatch(text)
    if not found:
        raise click.UsageError(
            f"{text!r} is not the name of a grant; write PARTNER or PARTNER.GRANT, each 2 to 22 "
            "of a-z, 0-9 and '-'"
        )
    return found[1], found[2]


def grant_named(text: str, stack: "Stack") -> GrantId:
    """The grant that a name stands for: without a grant, `main` or the only one there is.

    Raises
    ------
    UsageError
        If it could stand for several.
    """
    partner, grant = parse_name(text)
    if grant == ALL:
        raise click.UsageError(f"{text!r} names many grants; this command is about one")
    if grant:
        return GrantId(partner, grant)
    usual = GrantId(partner, "main")
    live = sorted(found.id for found in stack.live_grants.all() if found.id.partner == partner)
    if usual in live:
        return usual
    known = live or sorted(_known_of(partner, stack))
    if not known or usual in known:
        return usual
    if len(known) > 1:
        named = ", ".join(map(str, known))
        raise click.UsageError(f"{partner} has several grants; name one of {named}")
    return known[0]


def no_grant(grant: GrantId, stack: "Stack") -> str:
    """That there is no such grant, with near ones."""
    names = sorted({str(one) for one in stack.on_record} | {*map(str, rejected(stack))})
    near = get_close_matches(str(grant), names, n=3, cutoff=0.6)
    partners = {name.partition(".")[0] for name in names}
    for partner in [] if near else get_close_matches(grant.partner, partners, n=1, cutoff=0.6):
        near = [name for name in names if name.startswith(f"{partner}.")][:3]
    also = f"; did you mean {' or '.join(near)}?" if near else ""
    return f"there is no grant {grant}{also or ';'} `latchkey grants` lists them"


def rejected(stack: "Stack") -> set[GrantId]:
    """The grants that files with problems name."""
    return {file.grant for file in stack.live_grants.troubled() if file.grant}


def _known_of(partner: str, stack: "Stack") -> set[GrantId]:
    """The grants that a partner had, and those that were never granted."""
    from latchkey_cli.aws.history import history_reader

    had = (GrantId.parse(name) for name in history_reader(stack).grants_of(partner))
    return {one for one in (*had, *rejected(stack)) if one and one.partner == partner}
