"""`python -m tools.bench [short] [shared|alone] [part …]`: figures in one table.

BENCH_FULL=1 gives the long form. Calls and sizes that have grown fail; times only warn. In CI, with
`PART`, those parts of the short form take turns that only warn, or that a test holds too. `shared`
are the parts that may run beside other suites, `alone` those that may not.
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

ALONE = {"urgency"}
"""What they count may depend on what else the machine does."""


def due(*, short: bool) -> list[str]:
    """The parts to be measured where none is named."""
    resting = {name for names in IN_TURN for name in names} if short and PART else set()
    return [name for name in PARTS if name not in resting or name in IN_TURN[turn() % len(IN_TURN)]]


def asked(arguments: list[str], *, short: bool) -> list[str]:
    """The parts to be measured: those named, or those that are due, or of these a kind."""
    if named := [name for name in arguments if name in PARTS]:
        return named
    wanted = due(short=short)
    if "alone" in arguments:
        return [name for name in wanted if name in ALONE]
    return [name for name in wanted if "shared" not in arguments or name not in ALONE]


def main(arguments: list[str]) -> int:
    """Measure the parts named, or all; answers the exit status."""
    short = "short" in arguments
    full = os.environ.get("BENCH_FULL") == "1" and not short
    report = Report()
    for name in asked(arguments, short=short):
        PARTS[name](report, full)
    return report.write()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
