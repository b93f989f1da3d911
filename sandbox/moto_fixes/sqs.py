"""Fixes of moto's SQS."""

import time
from typing import Any

from moto.core.responses import ActionResult
from moto.sqs.models import SQSBackend
from moto.sqs.responses import SQSResponse

from sandbox.moto_fixes.replacing import replace_member


def add_message_move_tasks() -> None:
    """Add StartMessageMoveTask, which moto's SQS does not have: moto/sqs/responses.py.

    It moves all messages of a dead-letter queue at once, back to where they came from; of several
    queues that is the first by name, since moto does not note the one.
    """
    replace_member(SQSResponse, "start_message_move_task", _move_messages)


def look_up_retention_alone() -> None:
    """For speed: moto counts all messages of a queue to learn its retention period.

    Mends `SQSBackend.is_message_valid_based_on_retention_period`, moto/sqs/models.py:1279, which
    is called for each message that is received.
    """
    replace_member(SQSBackend, "is_message_valid_based_on_retention_period", _is_retained)


def _move_messages(response: Any) -> ActionResult:
    backend = response.sqs_backend
    name = str(response._get_param("SourceArn")).rsplit(":", 1)[-1]  # noqa: SLF001 (moto's own way)
    sources = backend.list_dead_letter_source_queues(name)
    source = min(sources, key=lambda queue: str(queue.name))
    dead = backend.get_queue(name)
    for message in list(dead.messages):
        backend.send_message(source.name, message.body)
        dead._messages.remove(message)  # noqa: SLF001
    return ActionResult({"TaskHandle": name})


def _is_retained(backend: Any, queue_name: str, message: Any) -> bool:
    seconds = backend.get_queue(queue_name).message_retention_period
    return bool(message.sent_timestamp / 1000 + seconds > time.time())


FIXES = (add_message_move_tasks, look_up_retention_alone)
