"""On a schedule: start a check of every grant that is past its expiry."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from latchkey.observability import logger, metrics
from latchkey.wiring import now, sweeper


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Any event in, `{"due": […]}` out: the grants whose check was started."""
    due = [str(grant) for grant in sweeper().sweep(now())]
    metrics.add_metric(name="GrantsDue", unit="Count", value=len(due))
    logger.info("swept", due=due)
    return {"due": due}
