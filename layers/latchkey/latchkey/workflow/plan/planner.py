"""Planning, in its seven steps."""

from collections.abc import Iterator
from datetime import datetime

from latchkey.frozen import Frozen
from latchkey.grants.plan import GrantPlan
from latchkey.workflow.events import PlanEvent, Planned
from latchkey.workflow.plan.approve import ApprovalStep
from latchkey.workflow.plan.context import Leased, PlanningContext
from latchkey.workflow.plan.decide import decide
from latchkey.workflow.plan.decisions import Fail, Hold, PutOff
from latchkey.workflow.plan.diff import diff
from latchkey.workflow.plan.held import passed_over
from latchkey.workflow.plan.identify import Identifier
from latchkey.workflow.plan.lease import LeaseKeeper
from latchkey.workflow.plan.load import Loader
from latchkey.workflow.plan.render import render
from latchkey.workflow.plan.secure import Claims
from latchkey.workflow.plan.waiting import Successors, WaitingFiles, with_runs_of, with_unread

_HELD = ("pending_approval", "rejected", "planned")
"""Outcomes of what waits as a whole: one request is on record, that of the newest version."""


class Planner(Frozen):
    """Plans what to do for a request, and stores the plan: see `workflow.plan` for the steps."""

    identifier: Identifier
    lease: LeaseKeeper
    loader: Loader
    approvals: ApprovalStep
    claims: Claims
    waiting: WaitingFiles

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
            for plan, context in self._planned(leased):
                planned = self.claims.secure(plan, context)
                if planned.outcome not in ("rejected", "failed"):
                    break
        except Exception:
            self.lease.give_back(leased)
            raise
        if planned.step == "done":
            self.lease.give_back(leased)
        return planned

    def _planned(self, leased: Leased) -> Iterator[tuple[GrantPlan, PlanningContext]]:
        """The plans to try; the first that is neither rejected nor fails is the one.

        A grant whose file is gone goes over to one that asks for the same, so that there is nothing
        to change, and nothing that AWS could refuse; else it ends, and files that wait for it get
        runs of their own. While an order suspends it, nothing that waits makes it active.
        """
        plan, context = self._plan(leased)
        asking = self.waiting.asking(plan, context)
        uploaded = self.waiting.uploaded(plan, context)
        closed = context.record is not None and context.record.instruction == "suspend"
        if plan.step == "revoke":
            either = (*asking.keys, *uploaded.keys)
            for successor in Successors(self.identifier).of(either, leased, context):
                instead, its_context = self._plan(successor)
                state = instead.state
                same = state is not None and state.live and not instead.changes
                if not same or (closed and state and state.status == "active"):
                    continue
                gone = (str(plan.source.key),)
                yield with_runs_of(gone, instead, its_context), its_context
        plan = with_unread(plan, asking, uploaded)
        keys = (*_put_off(plan, context), *(() if closed else asking.keys))
        yield with_runs_of(keys, plan, context), context

    def _plan(self, leased: Leased) -> tuple[GrantPlan, PlanningContext]:
        snapshot = self.loader.load(leased)
        rendered = self.approvals.approve(render(decide(snapshot)))
        context, verdict = snapshot.context, rendered.verdict
        waits = isinstance(verdict, Hold | Fail | PutOff) and not snapshot.failure
        if waits and context.order and context.newer:  # who only looks again, or gives an order
            newest = passed_over(verdict, context)
            instead = self.loader.instead(context, newest)
            accepted = self.approvals.approve(render(decide(instead)))
            plan = diff(accepted)
            if plan.changes or not context.checks or not newest.news:
                asks = isinstance(accepted.verdict, Hold) and plan.outcome in _HELD
                return (diff(rendered), context) if asks else (plan, instead.context)
        return diff(rendered), context


def _put_off(plan: GrantPlan, context: PlanningContext) -> tuple[str, ...]:
    """The file whose newest version is planned anew: its grant is resumed, or ends by its date.

    So is one that nobody has asked for yet, and that this run could not ask for.
    """
    newest = context.config.newest
    if newest is None or newest.source.key is None:
        return ()
    ended = plan.step == "revoke" and not context.takes_away and newest.open
    anew = ended or newest.unplanned or context.ordered == "resume"
    return (newest.source.key,) if anew else ()
