"""On a schedule, once a day: remind owners of grants that expire soon."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from latchkey.runtime.clock import now
from latchkey.runtime.observability import failures_logged, logger, metrics
from latchkey.runtime.wiring.jobs import digest_sender


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
@failures_logged
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Any event in; out come the grants that were named."""
    named = [f"{grant.partner}.{grant.grant}" for grant in digest_sender().send(now())]
    metrics.add_metric(name="GrantsExpiring", unit="Count", value=len(named))
    logger.info("reminded", grants=named)
    return {"named": named}
