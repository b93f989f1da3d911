"""Planning, in its six steps."""

from datetime import datetime

from latchkey.frozen import Frozen
from latchkey.workflow.events import PlanEvent, Planned
from latchkey.workflow.plan.decide import decide
from latchkey.workflow.plan.diff import diff
from latchkey.workflow.plan.identify import Identifier
from latchkey.workflow.plan.lease import LeaseKeeper
from latchkey.workflow.plan.load import Loader
from latchkey.workflow.plan.render import render
from latchkey.workflow.plan.secure import Claims


class Planner(Frozen):
    """Plans what to do for a request, and stores the plan: see `workflow.plan` for the steps."""

    identifier: Identifier
    lease: LeaseKeeper
    loader: Loader
    claims: Claims

    def plan(self, event: PlanEvent, now: datetime) -> Planned:
        """The plan for the input of the step Plan, as the workflow's state has it.

        The grant's lease stays with the run unless nothing is to be done.

        Raises
        ------
        GrantBusy
            When another run is at work on the grant.
        """
        reference = self.identifier.identify(event, now)
        leased = self.lease.take(reference)
        try:
            snapshot = self.loader.load(leased)
            plan = diff(render(decide(snapshot)))
            planned = self.claims.secure(plan, snapshot.context)
        except Exception:
            self.lease.give_back(leased)
            raise
        if planned.step == "done":
            self.lease.give_back(leased)
        return planned
