"""`python -m tools.faults [short] [suite …]` (`make faults`): survived N of N, suite by suite.

Several suites run side by side, each in a process of its own, two at a time.
"""

import importlib
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

SUITES = ("errors", "crashes", "orders", "load", "many", "hostile")
"""What takes longest comes first."""


def main(arguments: list[str]) -> int:
    """Run the suites named, or all; answers the exit status."""
    options = [name for name in arguments if name == "short"]
    wanted = [name for name in arguments if name != "short"] or SUITES
    if len(wanted) == 1:
        return _run(wanted[0], short=bool(options))
    with ThreadPoolExecutor(2) as pool:
        return max(pool.map(lambda name: _in_a_process([*options, name]), wanted))


def _run(name: str, *, short: bool) -> int:
    started = time.monotonic()
    tally = importlib.import_module(f"tools.faults.{name}").run(short=short)
    sys.stdout.write(f"{tally.line()} ({time.monotonic() - started:.0f} s)\n")
    return 1 if tally.failures or tally.tried == 0 else 0


def _in_a_process(arguments: Sequence[str]) -> int:
    """Run one suite, and print what it said when it has ended."""
    command = [sys.executable, "-m", "tools.faults", *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    sys.stdout.write(ended.stdout + ended.stderr)
    sys.stdout.flush()
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
