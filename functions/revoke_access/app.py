"""Workflow step RevokeAccess: take a grant's role away."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from latchkey.runtime.clock import now
from latchkey.runtime.observability import correlate, failures_logged, logger, metrics, read_as
from latchkey.runtime.wiring.steps import revoking_step
from latchkey.workflow.events import CarryOutEvent


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
@failures_logged
@read_as(CarryOutEvent)
def handler(event: CarryOutEvent, context: LambdaContext) -> dict[str, Any]:
    """The workflow's state in, what it is to know of what was applied out."""
    correlate(event.execution.name, event.plan.grant)
    applied, actions = revoking_step().carry_out(event, now)
    metrics.add_metric(name="ChangesApplied", unit="Count", value=len(actions))
    logger.info("applied", actions=actions)
    return applied.document()
