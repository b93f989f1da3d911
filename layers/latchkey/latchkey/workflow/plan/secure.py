"""Claims on what a new role needs, after everything else: no failure leaves a claim behind."""

from latchkey.aws.grant_table import GrantTable
from latchkey.errors import PermanentError
from latchkey.frozen import Frozen
from latchkey.grants.plan import GrantPlan
from latchkey.workflow.plan.context import PlanningContext
from latchkey.workflow.plan.endings import failed, rejected, signed
from latchkey.workflow.plan.validation import IN_USE
from latchkey.workflow.request import FileRequest


class Claims(Frozen):
    """Claims external IDs, and notes which grants a file stands for."""

    table: GrantTable

    def secure(self, plan: GrantPlan, context: PlanningContext) -> GrantPlan:
        """Claim the external ID and note the file's grant, before a role is made.

        Answers the plan or, where the external ID is in use for another partner, its rejection.

        Raises
        ------
        PlanStale
            When another run has recorded the file since this one read its record.
        """
        if plan.desired is None or plan.state is None or plan.dry_run:
            return plan
        had = context.record.external_ids if context.record and context.live else ()
        state = plan.state
        claim = state.external_id if state.external_ids and state.external_id not in had else None
        on_record = context.reference.on_record
        try:
            if self.table.secure(context.grant, claim, _newly_bound(context), on_record.item):
                return plan
        except PermanentError as error:
            return signed(failed(error, context), context)
        return signed(rejected([IN_USE], context), context)


def _newly_bound(context: PlanningContext) -> str | None:
    """The file that does not stand for the grant yet."""
    request = context.request
    if not isinstance(request, FileRequest) or context.grant in context.reference.on_record.grants:
        return None
    return request.key
