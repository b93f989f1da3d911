"""Workflow step Plan: what has to change for the grant that the request is about."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from latchkey.runtime.clock import now
from latchkey.runtime.observability import correlate, failures_logged, logger, metrics, read_as
from latchkey.runtime.wiring.steps import planner
from latchkey.workflow.events import PlanEvent


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
@failures_logged
@read_as(PlanEvent)
def handler(event: PlanEvent, context: LambdaContext) -> dict[str, Any]:
    """`{"request": …, "execution": {"id", "name"}}` in, the plan as JSON data out."""
    correlate(event.execution.name)
    plan = planner().plan(event, now())
    correlate(event.execution.name, plan.grant)
    metrics.add_metric(name="ChangesPlanned", unit="Count", value=len(plan.changes))
    logger.info("planned", step=plan.step, outcome=plan.outcome, changes=len(plan.changes))
    return plan.document()
