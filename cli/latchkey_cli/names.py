"""Names of grants as people type them: `acme.reports`, or `acme` for its only grant."""

import re

import click

from latchkey.grant_id import SLUG, GrantId
from latchkey_cli.stack import Stack

_NAME = re.compile(rf"({SLUG})(?:\.({SLUG}|\*))?", re.ASCII)
ALL = "*"


def parse_name(text: str) -> tuple[str, str | None]:
    """Partner and grant of a name; the grant is None when it is not named, `*` for all.

    Raises
    ------
    UsageError
        When the text is no such name.
    """
    found = _NAME.fullmatch(text)
    if not found:
        raise click.UsageError(
            f"{text!r} is not the name of a grant; write PARTNER or PARTNER.GRANT, each 2 to 22 "
            "of a-z, 0-9 and '-'"
        )
    return found[1], found[2]


def grant_named(text: str, stack: Stack) -> GrantId:
    """The one grant that a name means; without a grant, `main`, or the only live one there is.

    Raises
    ------
    UsageError
        When it could mean several.
    """
    partner, grant = parse_name(text)
    if grant == ALL:
        raise click.UsageError(f"{text!r} names many grants; this command is about one")
    if grant:
        return GrantId(partner, grant)
    usual = GrantId(partner, "main")
    live = sorted(found.id for found in stack.live_grants.all() if found.id.partner == partner)
    if usual in live or not live:
        return usual
    if len(live) > 1:
        named = ", ".join(map(str, live))
        raise click.UsageError(f"{partner} has several grants; name one of {named}")
    return live[0]
