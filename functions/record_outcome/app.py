"""Workflow step RecordOutcome: result file, state, history; for successes and failures alike."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from latchkey.runtime.clock import now
from latchkey.runtime.observability import correlate, failures_logged, logger, metrics, read_as
from latchkey.runtime.wiring.steps import record_step
from latchkey.workflow.events import RecordEvent
from latchkey.workflow.result import result_key


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
@failures_logged
@read_as(RecordEvent)
def handler(event: RecordEvent, context: LambdaContext) -> dict[str, Any]:
    """The workflow's state in, the result in brief out."""
    correlate(event.execution.name, event.plan and event.plan.grant)
    plan, result, recorded = record_step().record(event, now())
    outcome = plan.outcome.title().replace("_", "")
    metrics.add_metric(name=f"Outcome{outcome}", unit="Count", value=1)
    metrics.add_metric(name="GrantsDrifted", unit="Count", value=int(bool(plan.drift)))
    if (late := result.late_seconds) is not None:
        metrics.add_metric(name="SecondsFromExpiryToRemoval", unit="Seconds", value=late)
    # The reason stays in the result: it may quote an operator, or what AWS was sent.
    logger.info("recorded", outcome=plan.outcome, error=plan.error, result=result_key(plan))
    return recorded.document()
