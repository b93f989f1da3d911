"""Names of grants on the command line: `acme.reports`, or `acme` for its only grant."""

import re
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
    """The grant that a name stands for: without a grant, `main` or the only live one.

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
    if usual in live or not live:
        return usual
    if len(live) > 1:
        named = ", ".join(map(str, live))
        raise click.UsageError(f"{partner} has several grants; name one of {named}")
    return live[0]
