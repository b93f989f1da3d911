"""Workflow step RecordOutcome: result file, state, history; for successes and failures alike."""

from typing import Any

from aws_lambda_powertools.utilities.parser import event_parser
from aws_lambda_powertools.utilities.typing import LambdaContext

from latchkey.observability import correlate, logger, metrics
from latchkey.use_cases.record_failure import plan_to_record
from latchkey.use_cases.step_event import RecordEvent
from latchkey.wiring import now, recorder


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
@event_parser(model=RecordEvent)
def handler(event: RecordEvent, context: LambdaContext) -> dict[str, Any]:
    """The workflow's state in, the result out."""
    plan = plan_to_record(event, now())
    correlate(event.execution.name, plan.grant)
    result = recorder().record(plan, event.applied or {}, event.execution.id)
    metrics.add_metric(name=f"Outcome{plan.outcome.title()}", unit="Count", value=1)
    logger.info("recorded", outcome=plan.outcome, reason=plan.reason)
    return result
