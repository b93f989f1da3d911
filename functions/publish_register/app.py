"""Once a day, or for a batch of events about changed grants: rebuild the register."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from latchkey.jobs.register_trigger import changed_grants
from latchkey.runtime.clock import now
from latchkey.runtime.observability import failures_logged, logger, metrics
from latchkey.runtime.wiring.jobs import register_publisher


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
@failures_logged
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """A batch of messages in, or any other event for the whole register; out comes its key."""
    changed = changed_grants(event)
    key = register_publisher().publish(now(), changed)
    metrics.add_metric(name="RegistersPublished", unit="Count", value=1)
    logger.info("published", register=key, changed=None if changed is None else len(changed))
    return {"register": key, "changed": None if changed is None else len(changed)}
