"""On a schedule: start a check of every grant that somebody has to look at again."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from latchkey.observability import failures_logged, logger, metrics
from latchkey.wiring import now, sweeper


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
@failures_logged
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Any event in; out come the grants whose check was started, by the reason for it."""
    swept = sweeper().sweep(now())
    metrics.add_metric(name="GrantsDue", unit="Count", value=len(swept.due))
    logger.info("swept", grants=swept.document())
    roles = sweeper().role_quota()  # last: what it started is told even if this is refused
    metrics.add_metric(name="RolesUsedPercent", unit="Percent", value=roles.percent)
    return swept.document()
