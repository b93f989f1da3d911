"""Workflow step NotifyOutcome: result and hand-off sheet for people, event, message."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from latchkey.runtime.clock import now
from latchkey.runtime.observability import correlate, failures_logged, logger, metrics, read_as
from latchkey.runtime.wiring.steps import notify_step
from latchkey.workflow.events import NotifyEvent


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
@failures_logged
@read_as(NotifyEvent)
def handler(event: NotifyEvent, context: LambdaContext) -> dict[str, Any]:
    """The workflow's state in, the type of the published event out; dry runs publish none."""
    correlate(event.execution.name, event.plan and event.plan.grant)
    event_type = notify_step().notify(event, now())
    if event_type:
        metrics.add_metric(name="NoticesSent", unit="Count", value=1)
    logger.info("notified", event_type=event_type)
    return {"fact": event_type}
