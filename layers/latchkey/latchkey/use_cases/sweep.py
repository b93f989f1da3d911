"""The sweep: whatever is past its expiry, and nobody else has ended, is looked at again."""

from dataclasses import asdict, dataclass
from datetime import datetime

from latchkey.aws.grant_table import GrantTable
from latchkey.aws.iam import IamGateway
from latchkey.aws.workflow import Workflow
from latchkey.domain.quota import Quota

PERIOD = 300
"""Seconds; sweeps within one period use the same run names, so that no grant is run twice."""


@dataclass(frozen=True)
class Swept:
    """The grants past their expiry whose check was started."""

    due: tuple[str, ...]

    def document(self) -> dict[str, list[str]]:
        """The same as JSON data."""
        return {name: list(grants) for name, grants in asdict(self).items()}


@dataclass(frozen=True)
class Sweeper:
    """Starts checks of what is due; `limit` bounds how many in one sweep."""

    table: GrantTable
    workflow: Workflow
    iam: IamGateway
    limit: int

    def sweep(self, now: datetime) -> Swept:
        """Start a check of each overdue grant under its name, the longest overdue first."""
        period = int(now.timestamp()) // PERIOD
        request = {"action": "check", "reason": "sweep found it past its expiry"}
        due = (
            str(grant)
            for grant in self.table.due(now, self.limit)
            if self.workflow.start(f"sweep-{grant}-{period}", {**request, **asdict(grant)})
        )
        return Swept(tuple(due))

    def role_quota(self) -> Quota:
        """How much room there is for more roles."""
        return self.iam.role_quota()
