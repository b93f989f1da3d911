"""On a schedule, or for a change that CloudTrail reports: have grants looked at again."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from latchkey.iam.cloudtrail import IamCall
from latchkey.runtime.clock import now
from latchkey.runtime.observability import failures_logged, logger, metrics
from latchkey.runtime.wiring.jobs import drift_check, resource_watch

TOLD_BY_CLOUDTRAIL = "AWS API Call via CloudTrail"


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
@failures_logged
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """An event of CloudTrail, or any other, in; out come the grants whose run was started."""
    if event.get("detail-type") == TOLD_BY_CLOUDTRAIL:
        if event["detail"].get("eventSource") != "iam.amazonaws.com":
            started = resource_watch().heard(event["detail"])
            logger.info("heard", grants=started)
            return {"started": started}
        call = IamCall.from_detail(event["detail"])
        heard = drift_check().heard(call) if call else None
        logger.info("heard", grant=heard)
        return {"heard": heard}
    drifted = drift_check().check(now()).document()
    looked_at = drifted.pop("looked_at", ())
    for reason, found in drifted.items():
        name = f"Roles{reason.title()}" if reason == "unowned" else f"Grants{reason.title()}"
        metrics.add_metric(name=name.replace("_", ""), unit="Count", value=len(found))
    logger.info("checked", grants=drifted, looked_at=looked_at)
    return drifted
