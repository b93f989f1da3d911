"""The daily round over many grants: the real round's starts, and what each look costs of AWS.

The rates are those of `quotas`; the calls of a look are those of `calls.json`, which a test holds.
"""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from latchkey.aws.grants_by_expiry import LiveGrant
from latchkey.grant_id import GrantId
from latchkey.jobs.daily_round import DailyRound
from tools.bench.cost import PRICES, of_looks
from tools.bench.quotas import QUOTAS

LOOK = "unchanged, a check"
S3_RATE = 5_500
"""GET requests a second and prefix (Amazon S3 user guide, "Best practices design patterns")."""

_CALLS: dict[str, Any] = json.loads(Path(__file__).with_name("calls.json").read_text())
_START = datetime(2026, 1, 1, tzinfo=UTC)


class _Cursor:
    reached: int | None = None

    def read(self) -> int | None:
        return self.reached

    def write(self, until: int) -> None:
        self.reached = until


class _Starts:
    """Keeps when each look would begin."""

    def __init__(self) -> None:
        self.now = _START
        self.looks: list[datetime] = []

    def start(self, _: str, request: dict[str, Any]) -> bool:
        self.looks.append(self.now + timedelta(seconds=request.get("after_seconds", 0)))
        return True


def measure(grants: int) -> dict[str, Any]:
    """A day of hourly checks over so many grants: looks, calls, minutes, dollars, rates."""
    live = [LiveGrant(GrantId("acme", f"copy-{number}")) for number in range(grants)]
    starts = _Starts()
    daily = DailyRound(_Cursor(), starts)  # type: ignore[arg-type]
    for hour in range(25):
        starts.now = _START + timedelta(hours=hour)
        daily.start(live, starts.now)
    calls: Counter[str] = Counter()
    for part in _CALLS[LOOK].values():
        calls.update(part)
    minutes = Counter(look.replace(second=0) for look in starts.looks)
    busiest = max(minutes.values()) / 60
    iam = sum(number for call, number in calls.items() if call.startswith("iam:"))
    s3 = sum(number for call, number in calls.items() if call.startswith("s3:"))
    allowed = next(quota.rate for quota in QUOTAS if quota.name == "IAM requests")
    return {
        "looks": len(starts.looks),
        "calls": sum(calls.values()) * len(starts.looks),
        "minutes": len(minutes),
        "usd_a_day": of_looks(len(starts.looks)) + len(starts.looks) * PRICES["states_transition"],
        "iam_share": busiest * iam / allowed,
        "s3_share": busiest * s3 / S3_RATE,
    }
