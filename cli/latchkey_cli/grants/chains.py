"""Histories checked by their hash chains, and what is broken in words."""

from collections.abc import Iterable

from latchkey.aws.history_chains import HistoryChains
from latchkey.aws.register_files import RegisterFiles
from latchkey.grant_id import GrantId
from latchkey.history.chain_check import BrokenLink, Checked, check
from latchkey.keys import CHAIN, STATE, file_partition, grant_partition
from latchkey.newer_python import replace
from latchkey.reports.register.document import entries_in
from latchkey_cli.aws.stack import Stack
from latchkey_cli.output.terminal import say

_DIGITS = 12
"""Of a digest, as many as tell two apart."""


def known_partitions(stack: Stack) -> dict[str, bool]:
    """The partitions of all histories, and whether there has to be something in them.

    They are found by the heads of their chains, by live grants and by the register, which knows
    grants that ended before there was a chain, and those of which everything was deleted. What is
    live may have begun just now, and have nothing yet.
    """
    chains = dict.fromkeys(HistoryChains(stack.table).partitions(), True)
    live = dict.fromkeys(map(grant_partition, stack.on_record), False)
    return live | dict.fromkeys(map(grant_partition, _listed(stack)), True) | chains


def _listed(stack: Stack) -> Iterable[GrantId]:
    files = RegisterFiles(stack.client("s3"), stack.output("ResultsBucketName"))
    return filter(None, map(GrantId.parse, entries_in(files.data())))


def checked(stack: Stack, partition: str, *, there: bool = False) -> Checked:
    """What a check of one history came to, which has to be `there`; one query."""
    found = check(HistoryChains(stack.table).items(partition))
    nothing = there and not (found.entries or found.older or found.broken)
    return replace(found, broken=(BrokenLink(STATE, "missing"),)) if nothing else found


def warn(stack: Stack, grants: Iterable[GrantId]) -> None:
    """Tell, beside an answer about grants, whose history is broken; a query for each."""
    for grant in sorted(set(grants)):
        if text := warning(stack, grant):
            say(f"warning: {text}", err=True, style="yellow")


def warning(stack: Stack, grant: GrantId) -> str | None:
    """What is broken in the history of a grant, for whoever reads about it."""
    partition = grant_partition(grant)
    found = checked(stack, partition)
    if not found.first:
        return None
    return f"{in_words(partition, found)}; see docs/runbook.md#a-broken-history"


def in_words(partition: str, found: Checked) -> str:
    """The first broken link of a history: whose it is, what was expected, what was found."""
    assert found.first
    more = f" ({len(found.broken) - 1} more)" if found.broken[1:] else ""
    return f"{_whose(partition)}: {_link(found.first)}{more}"


def _whose(partition: str) -> str:
    prefix = grant_partition(GrantId("", "")).removesuffix(".")
    file = file_partition("")
    return (
        f"the file {partition.removeprefix(file)}"
        if partition.startswith(file)
        else (partition.removeprefix(prefix))
    )


def _link(link: BrokenLink) -> str:
    match link.fault, link.sk:
        case "missing", sk if sk == CHAIN:
            return "CHAIN, which names the last entry, is missing: the last entries may be, too"
        case "changed", sk if sk == CHAIN:
            return "CHAIN names no last entry any more"
        case "missing", _ if link.said_by is None:
            return "all of it is missing; the register lists the grant"
        case "missing", _:
            return f"{link.sk} is missing; {link.said_by} expects {_short(link.expected)}"
        case "changed", _:
            digests = f"expected {_short(link.expected)} (by {link.said_by})"
            return f"{link.sk} was changed; {digests}, found {_short(link.found)}"
        case "added", sk if sk == STATE:
            return "STATE has no history: Latchkey did not write it"
        case "added", _:
            return f"{link.sk} was added; no entry of the chain knows {_short(link.found)}"
        case _:
            return f"{link.sk} begins the chain anew: CHAIN was deleted before it"


def _short(digest: str | None) -> str:
    return (digest or "no digest")[:_DIGITS]
