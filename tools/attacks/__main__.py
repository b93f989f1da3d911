"""`python -m tools.attacks [short] [attacker …]` (`make attacks`): held N of N, by attacker."""

import sys

from tools.suites import main

ATTACKERS = (
    "role_administrator",
    "partner_session",
    "unreadable_files",
    "incident_responder",
    "uploader",
    "executor",
    "stopped_runs",
    "partner_reach",
)
"""What takes longest comes first."""

if __name__ == "__main__":
    sys.exit(main("tools.attacks", ATTACKERS, sys.argv[1:]))
