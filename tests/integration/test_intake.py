"""Intake: S3 notifications out of SQS become executions, one per file."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from latchkey.jobs.intake import NothingStarted
from latchkey.runtime.wiring import jobs
from tests.kit.stack.aws import CONFIG_BUCKET
from tests.kit.stack.driver import StackDriver


def _notification(*keys: str, event: str = "ObjectCreated:Put") -> dict[str, Any]:
    return {
        "Records": [
            {
                "eventSource": "aws:s3",
                "eventName": event,
                "s3": {"bucket": {"name": CONFIG_BUCKET}, "object": {"key": key}},
            }
            for key in keys
        ]
    }


def _batch(*bodies: object) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": f"message-{number}",
                "receiptHandle": "handle",
                "body": body if isinstance(body, str) else json.dumps(body),
                "attributes": {},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:queue",
                "awsRegion": "us-east-1",
            }
            for number, body in enumerate(bodies)
        ]
    }


def _failed(answer: dict[str, Any]) -> list[str]:
    return [item["itemIdentifier"] for item in answer["batchItemFailures"]]


@pytest.mark.parametrize("event", ["ObjectCreated:Put", "ObjectRemoved:DeleteMarkerCreated"])
def test_each_file_starts_one_execution(stack: StackDriver, event: str) -> None:
    batch = _batch(_notification("partners/a.json", "partners/b.json", event=event))
    assert _failed(stack.invoke("intake_config", batch)) == []
    found = sorted(stack.started(), key=lambda run: str(run["key"]))
    assert found == [
        {"bucket": CONFIG_BUCKET, "key": "partners/a.json"},
        {"bucket": CONFIG_BUCKET, "key": "partners/b.json"},
    ]


@pytest.mark.parametrize(
    ("encoded", "key"),
    [
        ("partners/a+b.json", "partners/a b.json"),
        ("partners/a%2Bb.json", "partners/a+b.json"),
        ("partners/%C3%9Cbung+%C3%9F.json", "partners/Übung ß.json"),
        ("partners/%E6%97%A5%E6%9C%AC.json", "partners/日本.json"),
        ("partners/100%25.json", "partners/100%.json"),
        ("partners/" + "a" * 900 + ".json", "partners/" + "a" * 900 + ".json"),
    ],
    ids=lambda text: text[:30],
)
def test_keys_are_decoded(stack: StackDriver, encoded: str, key: str) -> None:
    stack.invoke("intake_config", _batch(_notification(encoded)))
    assert [run["key"] for run in stack.started()] == [key]


def test_message_delivered_twice_starts_one_execution(stack: StackDriver) -> None:
    batch = _batch(_notification("partners/a.json"))
    for _ in range(2):
        assert _failed(stack.invoke("intake_config", batch)) == []
    assert len(stack.started()) == 1


def test_two_messages_about_one_file_start_two_executions(stack: StackDriver) -> None:
    notification = _notification("partners/a.json")
    stack.invoke("intake_config", _batch(notification, notification))
    assert len(stack.started()) == 2


def test_test_event_starts_nothing_and_is_done_with(stack: StackDriver) -> None:
    event = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": CONFIG_BUCKET}
    assert _failed(stack.invoke("intake_config", _batch(event))) == []
    assert stack.started() == []


_OF_EVENTBRIDGE = {
    "version": "0",
    "detail-type": "Object Created",
    "source": "aws.s3",
    "detail": {"bucket": {"name": CONFIG_BUCKET}, "object": {"key": "partners/a.json"}},
}
_BY_SNS = {"Type": "Notification", "Message": json.dumps(_notification("partners/a.json"))}
NOT_OF_S3 = (
    *("not JSON", "[]", "null", "7", "{}", '{"Records": [{}]}', '{"Records": []}', ""),
    json.dumps(_OF_EVENTBRIDGE),
    json.dumps(_BY_SNS),
    json.dumps([_notification("partners/a.json")]),
    json.dumps({"bucket": CONFIG_BUCKET, "key": "partners/a.json"}),
)


@pytest.mark.parametrize("body", NOT_OF_S3)
def test_broken_message_fails_alone(stack: StackDriver, body: str) -> None:
    batch = _batch(_notification("partners/a.json"), body, _notification("partners/b.json"))
    assert _failed(stack.invoke("intake_config", batch)) == ["message-1"]
    assert len(stack.started()) == 2


def test_batch_of_nothing_but_broken_messages_is_an_error(stack: StackDriver) -> None:
    with pytest.raises(NothingStarted):
        stack.invoke("intake_config", _batch("not JSON"))


def test_intake_calls_step_functions_only(stack: StackDriver) -> None:
    stack.calls.clear()
    stack.invoke("intake_config", _batch(_notification("partners/a.json")))
    assert stack.calls == ["stepfunctions:StartExecution"]


def _pauses(stack: StackDriver, monkeypatch: pytest.MonkeyPatch, *bodies: object) -> list[float]:
    pauses: list[float] = []
    monkeypatch.setattr(jobs, "time", SimpleNamespace(sleep=pauses.append))
    monkeypatch.setenv("START_INTERVAL", "0.5")
    stack.invoke("intake_config", _batch(*bodies))
    return pauses


def test_many_uploads_begin_at_a_pace(stack: StackDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    uploads = [_notification(f"partners/{name}.json") for name in "abc"]
    assert _pauses(stack, monkeypatch, *uploads) == [0.5, 0.5, 0.5]
    assert len(stack.started()) == 3


def test_one_upload_begins_at_once_and_leaves_no_pause(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _pauses(stack, monkeypatch, _notification("partners/a.json")) == []


@pytest.mark.parametrize(
    "event",
    [
        f"{category}:{what}"
        for category in ("ObjectRemoved", "LifecycleExpiration")
        for what in ("Delete", "DeleteMarkerCreated")
    ],
)
def test_removals_do_not_wait_for_each_other(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch, event: str
) -> None:
    removals = [_notification(f"partners/{name}.json", event=event) for name in "abc"]
    assert _pauses(stack, monkeypatch, *removals) == []
    assert len(stack.started()) == 3


def test_broken_message_pauses_nothing(stack: StackDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = _notification("partners/a.json")
    assert _pauses(stack, monkeypatch, upload, "not JSON", "[]") == [0.5]
