"""The steps that carry plans out: the same for grants and removals, in whatever account."""

from collections.abc import Callable
from datetime import datetime

from latchkey.frozen import Frozen
from latchkey.grants.place import RolePlace, place_of
from latchkey.workflow.apply import Executor
from latchkey.workflow.events import Applied, CarryOutEvent
from latchkey.workflow.run_data import RunData


class ApplyStep(Frozen):
    """The steps GrantAccess and RevokeAccess: the plan that the state refers to, carried out.

    `executor` makes what works in the account of a role, for a run; or it raises, before anything
    is noted as begun.
    """

    data: RunData
    executor: Callable[[RolePlace, str], Executor]

    def carry_out(
        self, event: CarryOutEvent, clock: Callable[[], datetime]
    ) -> tuple[Applied, list[str]]:
        """What the state has of what was applied, and the API actions of its changes.

        Raises
        ------
        PlanContradictory
            When the plan does not say where it is to be carried out.
        SpokeNotEnrolled, SpokeMismatch, SpokeUnreachable
            When the role is in an account that could not be reached; nothing was changed then.
        """
        run = event.execution
        plan = self.data.plan(event.plan, run.name)
        applied = self.executor(place_of(plan), run.name).apply(plan, run.id, clock)
        kept = self.data.keep_applied(plan, applied, run.name, clock())
        return kept, [change["action"] for change in applied["changes"]]
