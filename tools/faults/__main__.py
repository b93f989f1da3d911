"""`python -m tools.faults [short] [suite …]` (`make faults`): survived N of N, suite by suite."""

import importlib
import sys
import time

SUITES = ("crashes", "errors", "orders", "many", "load", "hostile")


def main(arguments: list[str]) -> int:
    """Run the suites named, or all; answers the exit status."""
    short = "short" in arguments
    wanted = [name for name in arguments if name != "short"] or SUITES
    lost = 0
    for name in wanted:
        started = time.monotonic()
        tally = importlib.import_module(f"tools.faults.{name}").run(short=short)
        sys.stdout.write(f"{tally.line()} ({time.monotonic() - started:.0f} s)\n")
        sys.stdout.flush()
        lost += len(tally.failures) + (tally.tried == 0)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
