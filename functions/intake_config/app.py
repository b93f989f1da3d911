"""SQS batch of S3 notifications in; one workflow execution per config file out."""

import json
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from latchkey.jobs.intake import NothingStarted, start_runs
from latchkey.runtime.observability import failures_logged, logger, metrics
from latchkey.runtime.wiring.jobs import intake_workflow


def started(message: dict[str, Any]) -> bool:
    """Start the runs of one message; whether it is done with, or has to come again."""
    try:
        names = start_runs(intake_workflow(), json.loads(message["body"]), message["messageId"])
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
    failed = [message["messageId"] for message in event["Records"] if not started(message)]
    if len(failed) == len(event["Records"]):
        raise NothingStarted(f"none of {len(failed)} messages could be handled")
    return {"batchItemFailures": [{"itemIdentifier": message} for message in failed]}
