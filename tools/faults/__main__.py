"""`python -m tools.faults [short] [suite …]` (`make faults`): survived N of N, suite by suite."""

import sys

from tools.suites import main

SUITES = ("errors", "world", "crashes", "orders", "load", "many", "hostile")
"""What takes longest comes first."""

if __name__ == "__main__":
    sys.exit(main("tools.faults", SUITES, sys.argv[1:]))
