"""`python -m tools.attacks [short] [attacker …]` (`make attacks`): held N of N, by attacker.

The short form of all has one sandbox, else each attacker has one of its own.
"""

import sys

from tools.attacks.suite import together
from tools.suites import main

ATTACKERS = (
    "role_administrator",
    "partner_session",
    "unreadable_files",
    "incident_responder",
    "uploader",
    "executor",
    "stopped_runs",
    "taken_over_function",
    "taken_over_hub",
    "spoke_owner",
    "partner_reach",
    "guardrail_evader",
    "table_writer",
    "approver",
    "rule_evader",
    "text_from_outside",
)
"""What takes longest comes first."""

if __name__ == "__main__":
    if sys.argv[1:] == ["short"]:
        sys.exit(together([f"tools.attacks.{name}" for name in ATTACKERS]))
    sys.exit(main("tools.attacks", ATTACKERS, sys.argv[1:]))
