"""Workflow step RecordOutcome: result file, state, history; for successes and failures alike."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from latchkey.runtime.clock import now
from latchkey.runtime.observability import correlate, failures_logged, logger, metrics, read_as
from latchkey.runtime.wiring.steps import recorder
from latchkey.workflow.events import RecordEvent
from latchkey.workflow.record import plan_to_record, result_key


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
@failures_logged
@read_as(RecordEvent)
def handler(event: RecordEvent, context: LambdaContext) -> dict[str, Any]:
    """The workflow's state in, the result out."""
    correlate(event.execution.name)
    plan = plan_to_record(event, now())
    correlate(event.execution.name, plan.grant)
    result = recorder().record(plan, event.applied or {}, event.execution.id)
    metrics.add_metric(name=f"Outcome{plan.outcome.title()}", unit="Count", value=1)
    metrics.add_metric(name="GrantsDrifted", unit="Count", value=int(bool(plan.drift)))
    if (late := result.late_seconds) is not None:
        metrics.add_metric(name="SecondsFromExpiryToRemoval", unit="Seconds", value=late)
    # The reason stays in the result: it may quote an operator, or what AWS was sent.
    logger.info("recorded", outcome=plan.outcome, error=plan.error, result=result_key(plan))
    return result.document()
