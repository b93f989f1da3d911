"""Claims on what a new role needs, after everything else: no failure leaves a claim behind."""

from latchkey.aws.grant_table import GrantTable
from latchkey.errors import PermanentError
from latchkey.frozen import Frozen
from latchkey.grants.plan import GrantPlan
from latchkey.grants.record import GrantRecord
from latchkey.workflow.events import Planned
from latchkey.workflow.plan.context import PlanningContext
from latchkey.workflow.plan.endings import failed, rejected, signed
from latchkey.workflow.plan.validation import IN_USE
from latchkey.workflow.request import FileRequest
from latchkey.workflow.run_data import RunData


class Claims(Frozen):
    """Claims external IDs, notes which grants a file stands for, and stores plans."""

    table: GrantTable
    data: RunData

    def secure(self, plan: GrantPlan, context: PlanningContext) -> Planned:
        """Claim the external ID and note the file's grant, before a role is made; store the plan.

        It is stored in one write with what is claimed for it. Answers what the workflow's state has
        of the plan or, where the external ID is in use for another partner, of its rejection.

        Raises
        ------
        PlanStale
            When another run has recorded the file since this one read its record.
        """
        run, now = context.reference.run.name, context.now
        if plan.desired is None or plan.state is None or plan.dry_run:
            return self.data.keep_plan(plan, run, now)
        claim, key = _newly_claimed(plan.state, context), _newly_bound(context)
        if not (claim or key):
            return self.data.keep_plan(plan, run, now)
        planned, items = self.data.plan_items(plan, run, now)
        before = context.reference.on_record.item
        try:
            if self.table.secure(context.grant, claim, key, before, items):
                return planned
            instead = rejected([IN_USE], context)
        except PermanentError as error:
            instead = failed(error, context)
        return self.data.keep_plan(signed(instead, context), run, now)


def _newly_claimed(state: GrantRecord, context: PlanningContext) -> str | None:
    """The external ID that the grant has not claimed yet."""
    had = context.record.external_ids if context.record and context.live else ()
    return state.external_id if state.external_ids and state.external_id not in had else None


def _newly_bound(context: PlanningContext) -> str | None:
    """The file that does not stand for the grant yet."""
    request = context.request
    if not isinstance(request, FileRequest) or context.grant in context.reference.on_record.grants:
        return None
    return request.key
