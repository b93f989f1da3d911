"""What the sweep reads grows with what is due, not with how many grants there are."""

from datetime import timedelta
from typing import Any

import pytest

from latchkey.runtime import clients
from latchkey.runtime.wiring import jobs as wiring
from tests.kit.stack.driver import StackDriver
from tests.kit.stack.many_grants import EXPIRY, crowd, forget

NOW = EXPIRY + timedelta(hours=1)


class Reads:
    """Counts what DynamoDB evaluated to answer the gateway's own query of what is due."""

    def __init__(self) -> None:
        self.scanned = self.queries = 0
        events = clients.client("dynamodb").meta.events
        events.unregister("after-call.dynamodb.Query", unique_id="reads")
        events.register("after-call.dynamodb.Query", self._count, unique_id="reads")

    def _count(self, parsed: dict[str, Any], **_: Any) -> None:
        self.scanned += parsed["ScannedCount"]
        self.queries += 1


@pytest.mark.parametrize("grants", [2_000, 20_000])
def test_sweep_evaluates_as_many_items_as_are_due(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch, grants: int
) -> None:
    monkeypatch.setenv("SWEEP_LIMIT", "100")
    names = crowd(grants, due=25)
    reads = Reads()
    overdue = wiring.sweeper().grants.due(NOW)
    assert [str(found.grant) for found in overdue] == names[:25]
    assert (reads.scanned, reads.queries) == (25, 1)


@pytest.mark.parametrize("due", [0, 25, 60])
def test_what_is_read_grows_with_what_is_due(stack: StackDriver, due: int) -> None:
    crowd(500, due)
    reads = Reads()
    wiring.sweeper().grants.due(NOW)
    assert (reads.scanned, reads.queries) == (due, 1)


def test_backlog_is_worked_off_in_portions_and_its_age_is_reported_until_it_is_gone(
    stack: StackDriver,
) -> None:
    names = crowd(200, due=25)
    portions, ages = [], []
    for sweep in range(4):
        swept = stack.invoke("sweep_grants", {}, NOW + timedelta(minutes=5 * sweep))
        portions.append(swept["due"])
        ages.append(swept["oldest_overdue_seconds"])
        forget(swept["due"])  # as their checks would
    assert [len(portion) for portion in portions] == [10, 10, 5, 0]
    assert [name for portion in portions for name in portion] == names[:25]
    assert ages == [3600, 3890, 4180, 0]
