"""An event source mapping of the sandbox gathers batches as Lambda does, no longer than needed."""

import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from sandbox.account import ACCOUNT, REGION
from sandbox.compute.mappings import Mapping, MappingSpec

ARN = f"arn:aws:sqs:{REGION}:{ACCOUNT}:events"
MINUTE = 60.0


class Sqs:
    """A client of moto's, which counts how often it was asked for messages."""

    def __init__(self) -> None:
        self._client: Any = boto3.client("sqs", region_name=REGION)
        self.url = self._client.create_queue(QueueName="events")["QueueUrl"]
        self.meta = SimpleNamespace(endpoint_url=self.url.rsplit("/", 2)[0])
        self.received = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def receive_message(self, **asked: Any) -> Any:
        self.received += 1
        return self._client.receive_message(**asked)

    def send(self, *bodies: str) -> None:
        for body in bodies:
            self._client.send_message(QueueUrl=self.url, MessageBody=body)


@pytest.fixture
def sqs() -> Iterator[Sqs]:
    with mock_aws():
        yield Sqs()


@pytest.fixture
def started(sqs: Sqs) -> Iterator[Callable[[float], tuple[Mapping, list[list[str]]]]]:
    """Starts a mapping with a window; answers it, and the batches that its function is given."""
    made: list[Mapping] = []

    def start(window: float) -> tuple[Mapping, list[list[str]]]:
        batches: list[list[str]] = []

        def invoke(event: Any, **_: Any) -> dict[str, Any]:
            batches.append([record["body"] for record in event["Records"]])
            return {"payload": "null"}

        function: Any = SimpleNamespace(spec=SimpleNamespace(reserved=1), invoke=invoke)
        mapping = Mapping(MappingSpec(ARN, 100, 1, True, window), function, sqs)
        mapping._took = MINUTE  # the window is not cut to what the sandbox has patience for
        made.append(mapping)
        mapping.start()
        return mapping, batches

    yield start
    for mapping in made:
        mapping.stop()


def _soon(reached: Callable[[], bool]) -> bool:
    until = time.monotonic() + 10
    while not reached() and time.monotonic() < until:
        time.sleep(0.01)
    return reached()


def test_without_a_window_a_message_is_handed_over_at_once(sqs: Sqs, started: Any) -> None:
    sqs.send("one")
    _, batches = started(0.0)
    assert _soon(lambda: batches == [["one"]])


def test_within_the_window_messages_are_gathered_and_an_empty_queue_is_not_asked(
    sqs: Sqs, started: Any
) -> None:
    sqs.send("one")
    mapping, batches = started(MINUTE)
    assert _soon(lambda: sqs.received == 1)
    time.sleep(0.3)  # six looks at the queue
    assert (sqs.received, batches, mapping.idle()) == (1, [], False)
    sqs.send("two")
    assert _soon(lambda: sqs.received == 2)
    assert batches == []
    mapping.hurry()
    assert _soon(lambda: batches == [["one", "two"]])
    assert _soon(mapping.idle)


def test_hurry_is_for_the_batch_at_hand_only(sqs: Sqs, started: Any) -> None:
    mapping, batches = started(MINUTE)
    mapping.hurry()
    sqs.send("one")
    assert _soon(lambda: sqs.received == 1)
    time.sleep(0.2)
    assert batches == []


def test_what_stops_waits_for_no_window(sqs: Sqs, started: Any) -> None:
    sqs.send("one")
    mapping, batches = started(MINUTE)
    assert _soon(lambda: sqs.received == 1)
    mapping.stop()
    assert _soon(lambda: batches == [["one"]])
