"""Suites that try what must not hurt: `main` of `tools.faults` and of `tools.attacks`.

A suite is a module with `run(*, short: bool) -> Tally`. Several run side by side, each in a process
of its own, two at a time.
"""

import importlib
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor


def main(package: str, suites: Sequence[str], arguments: Sequence[str]) -> int:
    """Run the suites named in `[short] [suite …]`, or all; answers the exit status."""
    options = [name for name in arguments if name == "short"]
    wanted = [name for name in arguments if name != "short"] or suites
    if len(wanted) == 1:
        return _run(package, wanted[0], short=bool(options))
    with ThreadPoolExecutor(2) as pool:
        return max(pool.map(lambda name: _in_a_process(package, [*options, name]), wanted))


def _run(package: str, name: str, *, short: bool) -> int:
    started = time.monotonic()
    tally = importlib.import_module(f"{package}.{name}").run(short=short)
    sys.stdout.write(f"{tally.line()} ({time.monotonic() - started:.0f} s)\n")
    return 1 if tally.failures or tally.tried == 0 else 0


def _in_a_process(package: str, arguments: Sequence[str]) -> int:
    """Run one suite, and print what it said when it has ended."""
    command = [sys.executable, "-m", package, *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    sys.stdout.write(ended.stdout + ended.stderr)
    sys.stdout.flush()
    return ended.returncode
