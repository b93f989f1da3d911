"""What grants are about, live ones and those in the register: for near names and for accounts."""

from collections.abc import Iterator
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from latchkey_cli.aws.history import history_reader
from latchkey_cli.aws.register import register_grants
from latchkey_cli.aws.stack import Stack
from latchkey_cli.grants.config_fields import access_of, config_of
from latchkey_cli.grants.records import records

_NEAR = 0.6


def near_names(stack: Stack, resource: str) -> list[str]:
    """Names of resources that live grants have and that look like one, the nearest first."""
    known = {
        part
        for record in records(stack, stack.on_record)
        for _, names, _ in access_of(config_of(record))
        for name in names.split(", ")
        for part in (name, name.partition("/")[0])
    }
    plain = resource.rpartition(":")[2]
    return get_close_matches(plain, sorted(filter(None, known)), n=3, cutoff=_NEAR)


def access_of_account(
    stack: Stack, account: str, start: datetime, end: datetime
) -> list[dict[str, Any]]:
    """What principals of an account could use at any moment from `start` to `end`.

    Of the partners with live grants and of those in the register, which keeps those that ended for
    more than a year.
    """
    reader = history_reader(stack)
    return [
        row
        for partner in sorted({*_partners(stack)})
        for row in reader.everything_of(partner)
        if any(account in principal.split(":") for principal in row["principals"])
        and datetime.fromisoformat(row["since"]) <= end
        and datetime.fromisoformat(row["until"]) > start
    ]


def _partners(stack: Stack) -> Iterator[str]:
    yield from (grant.partner for grant in stack.on_record)
    yield from (str(entry["partner"]) for entry in register_grants(stack))
