"""From the workflow's raw input to a plan: an input that makes no sense is a rejection too."""

from copy import replace
from datetime import datetime

from latchkey.config.problem import ConfigRejected
from latchkey.grants.grant_plan import GrantPlan
from latchkey.workflow.events import PlanEvent
from latchkey.workflow.plan.find_config import Subject
from latchkey.workflow.plan.plan_grant import Planner
from latchkey.workflow.plan.rejection import rejection
from latchkey.workflow.request import parse_request


def answer(planner: Planner, event: PlanEvent, now: datetime) -> GrantPlan:
    """The plan for the input of Plan.

    Raises
    ------
    GrantBusy
        When another run is at work on the grant.
    """
    try:
        request = parse_request(event.request)
        plan = planner.plan(request, event.execution, now)
        return replace(plan, by=request.layer, requested_by=request.requested_by or None)
    except ConfigRejected as rejected:
        return rejection(rejected.problems, Subject(), now)
