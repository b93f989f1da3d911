"""Event source mappings, which poll a queue and invoke a function with batches of messages.

moto hands over each message while it is being sent, in the sender's request; here it is a thread
per mapping, as on Lambda: batches, concurrency, partial failures, retries by visibility timeout,
and the queue's redrive policy.
"""

import json
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from moto.sqs.models import sqs_backends

from sandbox.account import ACCOUNT, region_of
from sandbox.compute.functions import Function
from sandbox.compute.retry import invoke_with_retry

_WAIT = 0.05  # seconds between polls of an empty queue
_SQS_BATCH = 10  # messages that one call receives or deletes at most
_WINDOW = 1.0  # seconds; Lambda allows 300, too long for a sandbox
_REST = 5  # a window may last this many times as long as the last batch took


@dataclass(frozen=True)
class MappingSpec:
    """A mapping as the template declares it; `window` is the batching window in seconds.

    `enabled` says whether it may poll now (UpdateEventSourceMapping).
    """

    queue_arn: str
    batch_size: int
    concurrency: int
    partial_failures: bool
    window: float = 0.0
    enabled: Callable[[], bool] = field(default=lambda: True)


class Mapping:
    """Polls one queue for one function until it is stopped."""

    def __init__(self, spec: MappingSpec, function: Function, sqs: Any) -> None:
        self._spec, self._function = spec, function
        self._client = sqs
        *_, account, self.name = spec.queue_arn.split(":")
        self._url = f"{sqs.meta.endpoint_url}/{account}/{self.name}"
        # Lambda asks for it when a mapping is made (Lambda guide, "Using Lambda with Amazon SQS").
        sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["All"])
        self._stopped, self._hurried = threading.Event(), threading.Event()
        most = min(spec.concurrency, function.spec.reserved or spec.concurrency)
        self._free = threading.Semaphore(most)
        self._pool = ThreadPoolExecutor(most)
        self._lock = threading.Lock()
        self._busy = 0
        self._took = 0.0  # seconds, for the last batch

    def start(self) -> None:
        """Start polling."""
        threading.Thread(target=self._poll, daemon=True).start()

    def idle(self) -> bool:
        """Whether no batch is being processed and the queue is empty."""
        return not self._waiting() and self._busy == 0

    def hurry(self) -> None:
        """Hand over what is gathered so far, without waiting for more within the window."""
        self._hurried.set()

    def stop(self) -> None:
        """Stop polling."""
        self._stopped.set()
        self._hurried.set()

    def _poll(self) -> None:
        while not self._stopped.is_set():
            if not self._waiting():
                self._stopped.wait(_WAIT)
                continue
            self._free.acquire()
            self._count(1)
            self._pool.submit(self._serve)

    def _waiting(self) -> bool:
        """Whether there is a message for it to receive."""
        return self._spec.enabled() and _visible_messages(self._spec.queue_arn) > 0

    def _gather(self) -> list[dict[str, Any]]:
        """A batch: the messages in the queue, and those that arrive within the batching window."""
        until = time.monotonic() + min(self._spec.window, max(_WINDOW, _REST * self._took))
        self._hurried.clear()
        found = self._receive(self._spec.batch_size)
        while len(found) < self._spec.batch_size and time.monotonic() < until:
            if self._waiting():  # a call that finds nothing costs as much as one that does
                found += self._receive(self._spec.batch_size - len(found))
            elif self._hurried.wait(_WAIT):
                break
        return found

    def _receive(self, most: int) -> list[dict[str, Any]]:
        answer = self._client.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=min(_SQS_BATCH, most),
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        found: list[dict[str, Any]] = answer.get("Messages", [])
        return found

    def _serve(self) -> None:
        try:
            messages = self._gather()
            if messages:
                self._hand_over(messages)
        except Exception:  # noqa: BLE001 (the messages come again; polling goes on)
            traceback.print_exc()
        finally:
            self._count(-1)
            self._free.release()

    def _hand_over(self, messages: list[dict[str, Any]]) -> None:
        records = [self._record(message) for message in messages]
        began = time.monotonic()
        answer = invoke_with_retry(self._function, {"Records": records})
        self._took = time.monotonic() - began
        failed = self._failed(answer, messages)
        done = [message for message in messages if message["MessageId"] not in failed]
        for some in batched(done, _SQS_BATCH, strict=False):
            entries = [{"Id": m["MessageId"], "ReceiptHandle": m["ReceiptHandle"]} for m in some]
            self._client.delete_message_batch(QueueUrl=self._url, Entries=entries)

    def _failed(self, answer: dict[str, Any], messages: list[dict[str, Any]]) -> set[str]:
        """The messages that stay in the queue, by Lambda's rules for a function's response."""
        every = {message["MessageId"] for message in messages}
        if "error" in answer:
            return every
        if not self._spec.partial_failures:
            return set()
        said = json.loads(answer["payload"])
        items = said.get("batchItemFailures") if isinstance(said, dict) else None
        failed = {str(item.get("itemIdentifier")) for item in items or []}
        return failed if failed.issubset(every) else every

    def _record(self, message: dict[str, Any]) -> dict[str, Any]:
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message.get("Attributes", {}),
            "messageAttributes": message.get("MessageAttributes", {}),
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": self._spec.queue_arn,
            "awsRegion": region_of(self._spec.queue_arn),
        }

    def _count(self, step: int) -> None:
        with self._lock:
            self._busy += step


def _visible_messages(queue_arn: str) -> int:
    """The number of messages that can be received from a queue now."""
    queues = sqs_backends[ACCOUNT][region_of(queue_arn)].queues.values()
    return sum(len(queue.messages) for queue in list(queues) if queue.queue_arn == queue_arn)
