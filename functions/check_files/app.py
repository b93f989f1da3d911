"""On a schedule: start a run of every config file that differs from its record."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from latchkey.runtime.clock import now
from latchkey.runtime.observability import failures_logged, logger, metrics
from latchkey.runtime.wiring.jobs import file_check


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
@failures_logged
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Any event in; out come the files whose run was started."""
    found = file_check().check(now())
    metrics.add_metric(name="FilesMissed", unit="Count", value=len(found.keys))
    logger.info("checked", files=found.document())
    return found.document()
