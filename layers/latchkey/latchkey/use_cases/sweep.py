"""The sweep: whatever is past its expiry is looked at again, whoever else failed to."""

from dataclasses import dataclass
from datetime import datetime

from latchkey.aws.grant_table import GrantTable
from latchkey.aws.workflow import Workflow
from latchkey.domain.grant import GrantId

PERIOD = 300
"""Seconds; sweeps within one period use the same run names, so that no grant is run twice."""


@dataclass(frozen=True)
class Sweeper:
    """Starts checks of what is due; `limit` bounds how many in one sweep."""

    table: GrantTable
    workflow: Workflow
    limit: int

    def sweep(self, now: datetime) -> list[GrantId]:
        """Start a check of every grant that is due, up to the limit; answers which."""
        due = self.table.due(now, self.limit)
        period = int(now.timestamp()) // PERIOD
        for grant in due:
            wake = {"action": "check", **vars(grant), "reason": "sweep found it past its expiry"}
            self.workflow.start(f"sweep-{grant}-{period}", wake)
        return due
