"""All that is known of a partner, gathered for the page about it."""

from collections.abc import Iterator
from datetime import datetime
from difflib import get_close_matches

import click

from latchkey import __version__
from latchkey.aws.history_chains import HistoryChains
from latchkey.grant_id import GrantId
from latchkey.grants.record import GrantRecord
from latchkey.history.chain import Head, is_entry
from latchkey.history.chain_check import check
from latchkey.keys import CHAIN, grant_partition
from latchkey.reports.partner_page.contents import GrantHistory, PartnerAccess
from latchkey.times import instant
from latchkey_cli.aws.history import history_reader
from latchkey_cli.aws.stack import Stack
from latchkey_cli.grants.chains import in_words
from latchkey_cli.grants.config_fields import config_of
from latchkey_cli.grants.records import record_of

_NO_STATE = "its state is missing from the grant table"


def partner_access(stack: Stack, partner: str, now: datetime) -> PartnerAccess:
    """The partner's grants, live and past, with their histories.

    Raises
    ------
    ClickException
        If it never had a grant.
    """
    reader = history_reader(stack)
    known = {*filter(None, map(GrantId.parse, reader.grants_of(partner)))}
    known |= {grant for grant in stack.on_record if grant.partner == partner}
    found = tuple(_histories(stack, sorted(known)))
    if not found:
        raise click.ClickException(never_had_a_grant(partner, stack))
    return PartnerAccess(
        partner,
        found,
        tuple(reader.everything_of(partner)),
        instant(now),
        stack.environment.account,
        stack.region,
        stack.name,
        __version__,
    )


def never_had_a_grant(partner: str, stack: Stack) -> str:
    """That a partner never had a grant, with near names of partners."""
    partners = sorted({grant.partner for grant in stack.on_record})
    near = get_close_matches(partner, partners, n=3, cutoff=0.5)
    also = f"; did you mean {' or '.join(near)}?" if near else ""
    return f"{partner} never had a grant{also}"


def _histories(stack: Stack, grants: list[GrantId]) -> Iterator[GrantHistory]:
    chains = HistoryChains(stack.table)
    for grant in grants:
        record = record_of(stack, grant)
        record = record or GrantRecord(grant.partner, grant.grant, "failed", _NO_STATE)
        items = chains.items(grant_partition(grant))
        checked = check(items)
        head = next((Head.of(item) for item in items if item["sk"] == CHAIN), Head())
        entries = tuple(item for item in items if is_entry(str(item["sk"])))
        broken = in_words(grant_partition(grant), checked) if checked.first else None
        yield GrantHistory(record, config_of(record), entries, checked, broken, head.last_digest)
