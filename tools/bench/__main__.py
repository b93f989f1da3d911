"""`python -m tools.bench [short] [part …]`: figures in one table.

BENCH_FULL=1 gives the long form. Calls and sizes that have grown fail; times only warn.
"""

import os
import sys
from collections.abc import Callable

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


def main(arguments: list[str]) -> int:
    """Measure the parts named, or all; answers the exit status."""
    full = os.environ.get("BENCH_FULL") == "1" and "short" not in arguments
    wanted = [name for name in arguments if name in PARTS] or list(PARTS)
    report = Report()
    for name in wanted:
        PARTS[name](report, full)
    return report.write()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
