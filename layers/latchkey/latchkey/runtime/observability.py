"""The Logger and the Metrics of all functions, with the keys to search logs by.

External IDs, configs, plans and results stay out of both. A log line says what was done and where
to read on; an error is named by its class, as its message may quote what AWS was sent.
"""

import latchkey.runtime.cold_start  # isort: skip  # noqa: F401 (before what the others load)
import json
import logging
import os
import warnings
from collections.abc import Callable, Iterator
from functools import partial, wraps
from types import TracebackType
from typing import Any, TypeVar

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.utilities.typing import LambdaContext

from latchkey.errors import LatchkeyError, TransientError
from latchkey.workflow.events import StepEvent, brief

_Given = TypeVar("_Given")
_Answer = TypeVar("_Answer")
_Event = TypeVar("_Event", bound=StepEvent)

_MESSAGE = 1_000
_FRAMES = 6

# Keys of files are anybody's text: in ASCII no line separator in them can begin a log line.
# Lambda takes a line without an RFC 3339 timestamp for INFO, whatever its level (Lambda developer
# guide, "Log-level filtering").
logger = Logger(
    json_serializer=partial(json.dumps, default=str, separators=(",", ":")),
    use_rfc3339=True,
    utc=True,
)
metrics = Metrics()

# Lambda's own filter is at its lowest, so that it drops no metric. The runtime gives that level to
# the root logger, and Powertools to ours, before POWERTOOLS_LOG_LEVEL; here LogLevel counts again.
LEVEL = logging.getLevelNamesMapping()[os.environ.get("POWERTOOLS_LOG_LEVEL", "INFO").upper()]
for _name in (None, logger.name):
    logging.getLogger(_name).setLevel(LEVEL)

# These would log whole requests.
for _library in ("botocore", "boto3", "urllib3"):
    logging.getLogger(_library).setLevel(max(LEVEL, logging.INFO))

# A run that fails counts nothing, and Powertools' warning of that is no line of JSON.
warnings.filterwarnings("ignore", message="No application metrics to publish")


def correlate(execution: str, grant: object = None) -> None:
    """Put the execution's name and the grant on every log line and metric that follows."""
    keys = {"execution": execution} | ({"grant": str(grant)} if grant else {})
    logger.append_keys(**keys)
    for key, value in keys.items():
        metrics.add_metadata(key, value)


def failures_logged(
    handler: Callable[[_Given, LambdaContext], _Answer],
) -> Callable[[_Given, LambdaContext], _Answer]:
    """Log that a handler failed, with the same keys as all its lines; the error goes on its way.

    Lambda answers with its message and all frames of its traceback, which Step Functions puts into
    the state (`Cause`): a long message is cut, and of the frames the innermost are kept.
    """

    @wraps(handler)
    def logging_handler(event: _Given, context: LambdaContext, **options: Any) -> _Answer:
        try:
            return handler(event, context, **options)
        except Exception as error:  # noqa: BLE001 (it goes on its way)
            log = logger.warning if isinstance(error, TransientError) else logger.error
            log("failed", error=type(error).__name__)
            raise _in_brief(error) from None

    return logging_handler


def _in_brief(error: Exception) -> Exception:
    """An error that takes up little room in the workflow's state."""
    message = brief(str(error), _MESSAGE)
    shown = error if message == str(error) else _of_its_kind(error, message)
    frames = [*_frames(error.__traceback__)]
    return shown.with_traceback(frames[-min(_FRAMES, len(frames))] if frames else None)


def _of_its_kind(error: Exception, message: str) -> Exception:
    """An error of the same name, which is what Step Functions goes by."""
    kind: Any = type(error)
    if not isinstance(error, LatchkeyError):
        kind = type(kind.__name__, (Exception,), {})
    made: Exception = kind(message)
    return made


def _frames(traceback: TracebackType | None) -> Iterator[TracebackType]:
    while traceback:
        yield traceback
        traceback = traceback.tb_next


def read_as(
    kind: type[_Event],
) -> Callable[
    [Callable[[_Event, LambdaContext], _Answer]], Callable[[Any, LambdaContext], _Answer]
]:
    """Hand a handler its event as a model."""

    def reading(
        handler: Callable[[_Event, LambdaContext], _Answer],
    ) -> Callable[[Any, LambdaContext], _Answer]:
        @wraps(handler)
        def reading_handler(event: Any, context: LambdaContext) -> _Answer:
            return handler(kind.read(event), context)

        return reading_handler

    return reading
