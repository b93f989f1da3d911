"""The check of all histories: whether each is as it was written, by its hash chain."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from latchkey.history.chain_check import Checked
from latchkey_cli.aws.stack import Stack
from latchkey_cli.grants.chains import checked, in_words, known_partitions
from latchkey_cli.health_checks.result import CheckResult, fail, ok

_THREADS = 8
"""Histories that are read at once; the client's pool has ten connections."""
_SHOWN = 3
_SECTION = "a-broken-history"


def every_history_is_whole(stack: Stack) -> CheckResult:
    """Every history is as it was written: of live grants, of those that ended, and of files.

    It costs a query for each (a page of a megabyte), beside a few pages of the index.
    """
    found = dict(_all(stack))
    broken = {pk: one for pk, one in found.items() if one.first}
    if broken:
        lines = [in_words(pk, one) for pk, one in sorted(broken.items())]
        more = f" … and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
        count = "1 history" if len(broken) == 1 else f"{len(broken)} histories"
        return fail(f"{count} broken: {'; '.join(lines[:_SHOWN])}{more}", _SECTION)
    entries = sum(one.entries for one in found.values())
    older = sum(one.older for one in found.values())
    before = f"; {older} from before there was a chain" if older else ""
    return ok(f"{len(found)} with {entries} entries, each as it was written{before}")


def _all(stack: Stack) -> Iterator[tuple[str, Checked]]:
    known = known_partitions(stack)
    with ThreadPoolExecutor(_THREADS) as pool:
        found = pool.map(lambda pk: checked(stack, pk, there=known[pk]), known)
        yield from zip(known, found, strict=True)
