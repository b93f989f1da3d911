"""SQS batch of S3 notifications in; one workflow execution per config file out."""

import json
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from latchkey.jobs.intake import NothingStarted, removes
from latchkey.runtime.observability import failures_logged, logger, metrics
from latchkey.runtime.wiring.jobs import intake, intake_pause


def started(message: dict[str, Any], *, alone: bool) -> bool:
    """Start the runs of one message; whether it is done with, or has to come again.

    Where more uploads are waiting, their runs do not all begin at once: what takes access away
    finds a free function (docs/decisions/0028-orders-overtake-uploads.md).
    """
    try:
        notification = json.loads(message["body"])
        names = intake().start_runs(notification, message["messageId"])
        if not (alone or removes(notification)):
            intake_pause()
    except Exception as error:  # noqa: BLE001 (whatever it was, SQS delivers the message again)
        logger.warning("failed", error=type(error).__name__, message_id=message["messageId"])
        return False
    metrics.add_metric(name="FilesReceived", unit="Count", value=len(names))
    logger.info("runs started", runs=names, message_id=message["messageId"])
    return True


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
@failures_logged
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer with the messages that failed, so that only those come again; if all did, fail.

    The answer's form is Lambda's, of `ReportBatchItemFailures` (Lambda guide, SQS); Powertools'
    batch processor would cost a cold start a tenth more.
    """
    messages = event["Records"]
    alone = len(messages) == 1
    failed = [each["messageId"] for each in messages if not started(each, alone=alone)]
    if len(failed) == len(messages):
        raise NothingStarted(f"none of {len(failed)} messages could be handled")
    return {"batchItemFailures": [{"itemIdentifier": message} for message in failed]}
