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
    """`{"request": …, "execution": {"id", "name"}}` in, a reference to the plan out."""
    correlate(event.execution.name)
    plan = planner().plan(event, now())
    correlate(event.execution.name, plan.grant)
    metrics.add_metric(name="ChangesPlanned", unit="Count", value=plan.changes)
    logger.info("planned", step=plan.step, outcome=plan.outcome, changes=plan.changes)
    return plan.document()
