"""Whether the histories in a table are as they were written, by their hash chains."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from latchkey.history.chain_check import check
from latchkey.keys import CHAIN


def broken_chains(items: Iterable[dict[str, Any]]) -> list[str]:
    """What is broken in any partition that has a chain, in words; nothing, as a rule."""
    partitions: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for item in items:
        partitions[item["pk"]].append(item)
    return [
        f"{pk} {fault.sk} {fault.fault}"
        for pk, found in partitions.items()
        if any(item["sk"] == CHAIN or "chain" in item for item in found)
        for fault in check(found).broken
    ]
