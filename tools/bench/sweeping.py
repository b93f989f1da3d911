"""What the sweep reads when 25 grants are due, of ever more that are live.

DynamoDB's own count of the items that it evaluated (`ScannedCount`), by moto; on AWS the read
capacity of a query follows from the size of these.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from latchkey.runtime import clients
from latchkey.runtime.wiring import jobs as wiring
from tests.kit.stack.build import built_stack
from tests.kit.stack.many_grants import EXPIRY, crowd

DUE = 25


def sweep(live: int) -> tuple[list[int], float]:
    """The items evaluated by each query of one sweep, and the seconds that they took."""
    return look(lambda: crowd(live, DUE), DUE)


def look(fill: Callable[[], object], due: int) -> tuple[list[int], float]:
    """The same of one look at a stack that `fill` has put grants in, of which so many are due."""
    scanned: list[int] = []

    def count(parsed: dict[str, Any], **_: Any) -> None:
        scanned.append(parsed["ScannedCount"])

    with built_stack():
        fill()
        events = clients.client("dynamodb").meta.events
        events.register("after-call.dynamodb.Query", count, unique_id="bench")
        started = time.perf_counter()
        found = wiring.sweeper().grants.due(EXPIRY + timedelta(hours=1))
        seconds = time.perf_counter() - started
        events.unregister("after-call.dynamodb.Query", unique_id="bench")
    assert len(found) == due
    return scanned, seconds
