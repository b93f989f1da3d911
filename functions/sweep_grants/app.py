"""On a schedule: start a check of every grant that is past its expiry."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from latchkey.runtime.clock import now
from latchkey.runtime.observability import failures_logged, logger, metrics
from latchkey.runtime.wiring.jobs import sweeper


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
@failures_logged
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Any event in; out come the overdue grants whose check was started."""
    swept = sweeper().sweep(now())
    metrics.add_metric(
        name="OldestOverdueSeconds", unit="Seconds", value=swept.oldest_overdue_seconds
    )
    logger.info("swept", grants=swept.document())
    roles = sweeper().role_quota()  # last: the log shows what it started even if this is refused
    metrics.add_metric(name="RolesUsedPercent", unit="Percent", value=roles.percent)
    metrics.add_metric(name="GrantsDue", unit="Count", value=len(swept.due))
    return swept.document()
