"""`python -m tools.bench [short] [part …]`: figures in one table.

BENCH_FULL=1 gives the long form. Calls and sizes that have grown fail; times only warn. In CI, with
`PART`, those parts of the short form take turns that only warn, or that a test holds too.
"""

import os
import sys
from collections.abc import Callable

from tests.kit.parts import PART, turn
from tools.bench import parts
from tools.bench.report import Report

PARTS: dict[str, Callable[[Report, bool], None]] = {
    "calls": parts.calls,
    "sizes": parts.sizes,
    "cold": parts.cold,
    "warm": parts.warm,
    "planning": parts.planning,
    "scale": parts.scale,
    "spokes": parts.spokes,
    "burst": parts.burst,
    "urgency": parts.urgency,
    "cost": parts.cost,
    "quotas": parts.quotas,
}

IN_TURN = (("cold", "cost"), ("warm", "planning", "quotas"), ("burst", "calls"))
"""What takes turns in CI; `calls` are held each time by tests/integration/test_calls.py, too."""


def due(*, short: bool) -> list[str]:
    """The parts to be measured where none is named."""
    resting = {name for names in IN_TURN for name in names} if short and PART else set()
    return [name for name in PARTS if name not in resting or name in IN_TURN[turn() % len(IN_TURN)]]


def main(arguments: list[str]) -> int:
    """Measure the parts named, or all; answers the exit status."""
    short = "short" in arguments
    full = os.environ.get("BENCH_FULL") == "1" and not short
    wanted = [name for name in arguments if name in PARTS] or due(short=short)
    report = Report()
    for name in wanted:
        PARTS[name](report, full)
    return report.write()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
