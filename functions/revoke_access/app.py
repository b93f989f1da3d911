"""Workflow step RevokeAccess: take a grant's role away."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from latchkey.runtime.clock import now
from latchkey.runtime.observability import correlate, failures_logged, logger, metrics, read_as
from latchkey.runtime.wiring.steps import revoking_executor
from latchkey.workflow.events import CarryOutEvent


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
@failures_logged
@read_as(CarryOutEvent)
def handler(event: CarryOutEvent, context: LambdaContext) -> dict[str, Any]:
    """The workflow's state in, `{"changes": […], "verified": {…}}` out."""
    correlate(event.execution.name)
    plan = event.plan
    correlate(event.execution.name, plan.grant)
    applied = revoking_executor().apply(plan, event.execution.id, now)
    metrics.add_metric(name="ChangesApplied", unit="Count", value=len(applied["changes"]))
    logger.info("applied", actions=[change["action"] for change in applied["changes"]])
    return applied
