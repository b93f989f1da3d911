"""The sweep: starts a check of each grant that is past its expiry and still live."""

from datetime import datetime

from latchkey.aws.grants_by_expiry import LiveGrants
from latchkey.aws.iam import IamGateway
from latchkey.aws.workflow import Workflow
from latchkey.frozen import Frozen
from latchkey.iam.quota import Quota
from latchkey.keys import grant_run

PERIOD = 300
"""Seconds; sweeps within one period use the same run names, so that no grant is run twice."""


class Swept(Frozen):
    """The grants past their expiry whose check was started.

    `oldest_overdue_seconds` is how long ago the grant should have ended that is the longest
    overdue; 0 when none is.
    """

    due: tuple[str, ...]
    oldest_overdue_seconds: int


class Sweeper(Frozen):
    """Starts checks of what is due; `limit` bounds how many in one sweep."""

    grants: LiveGrants
    workflow: Workflow
    iam: IamGateway
    limit: int

    def sweep(self, now: datetime) -> Swept:
        """Start a check of each overdue grant under its name, the longest overdue first."""
        period = int(now.timestamp()) // PERIOD
        order = {"action": "check", "by": "sweep", "reason": "sweep found it past its expiry"}
        overdue = self.grants.due(now, self.limit)
        due = (
            str(found.grant)
            for found in overdue
            if self.workflow.start(
                grant_run("sweep", found.grant, period), {**order, **found.grant.document()}
            )
        )
        return Swept(tuple(due), overdue[0].seconds(now) if overdue else 0)

    def role_quota(self) -> Quota:
        """How much room there is for more roles."""
        return self.iam.role_quota()
