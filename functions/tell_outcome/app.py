"""Workflow step TellOutcome: result and hand-off sheet for people, event, message."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from latchkey.observability import correlate, failures_logged, logger, metrics, read_as
from latchkey.use_cases.record_failure import plan_to_record
from latchkey.use_cases.step_event import TellEvent
from latchkey.wiring import now, teller


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
@failures_logged
@read_as(TellEvent)
def handler(event: TellEvent, context: LambdaContext) -> dict[str, Any]:
    """The workflow's state in, the fact that was told out; nothing is told of dry runs."""
    correlate(event.execution.name)
    plan = plan_to_record(event, now())
    correlate(event.execution.name, plan.grant)
    fact = teller().tell(plan, event.result, event.execution.id)
    if fact:
        metrics.add_metric(name="NoticesSent", unit="Count", value=1)
    logger.info("told", fact=fact)
    return {"fact": fact}
