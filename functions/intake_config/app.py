"""SQS batch of S3 notifications in; one workflow execution per config file out."""

import json
from typing import Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from latchkey.observability import failures_logged, logger, metrics
from latchkey.use_cases.intake import start_runs
from latchkey.wiring import intake_workflow

processor = BatchProcessor(event_type=EventType.SQS)


def start(record: SQSRecord) -> None:
    """Start the runs of one message; an error makes SQS deliver that message again."""
    try:
        names = start_runs(intake_workflow(), json.loads(record.body), record.message_id)
    except Exception as error:
        logger.warning("failed", error=type(error).__name__, message_id=record.message_id)
        raise
    metrics.add_metric(name="FilesReceived", unit="Count", value=len(names))
    logger.info("runs started", runs=names, message_id=record.message_id)


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
@failures_logged
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Answer with the messages that failed, so that only those come again."""
    return process_partial_response(
        event=event, record_handler=start, processor=processor, context=context
    )
