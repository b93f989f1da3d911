"""Workflow step FindGrants: the grants of a bulk order, a batch at a time."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from latchkey.runtime.observability import correlate, failures_logged, logger, metrics, read_as
from latchkey.runtime.wiring.jobs import grant_finder
from latchkey.workflow.events import FindEvent


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
@failures_logged
@read_as(FindEvent)
def handler(event: FindEvent, context: LambdaContext) -> dict[str, Any]:
    """The workflow's state in, the next batch or the end of the order out."""
    correlate(event.execution.name)
    found = grant_finder().find(event)
    metrics.add_metric(name="GrantsOrdered", unit="Count", value=len(found.get("grants", ())))
    logger.info("found", step=found["step"], outcomes=found.get("outcomes"))
    return found
