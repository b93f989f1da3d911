"""The second topic, for chats: off by default, and no failure of one channel repeats the other."""

import json
from typing import Any

import pytest

from latchkey.errors import ServiceUnavailable
from latchkey.runtime import clients
from latchkey.runtime.wiring import steps
from tests.kit.documented.chat import ChatMessage
from tests.kit.stack.aws import FILE
from tests.kit.stack.driver import StackDriver

CHAT = "arn:aws:sns:us-east-1:123456789012:stack-chat"


class Topics:
    """What is published where; `fails` is the topic whose calls fail."""

    def __init__(self, patch: pytest.MonkeyPatch, *, chat: str = CHAT) -> None:
        self.told: list[tuple[str, str]] = []
        self.fails = ""
        patch.setenv("CHAT_TOPIC", chat)
        steps.notify_step.cache_clear()
        patch.setattr(clients.client("sns"), "publish", self.publish)

    def publish(self, **given: Any) -> dict[str, str]:
        """As SNS."""
        arn = str(given["TopicArn"])
        if self.fails and arn.endswith(self.fails):
            raise ServiceUnavailable("SNS is down")
        self.told.append((arn.rpartition("-")[2], given["Message"]))
        return {"MessageId": "x"}

    @property
    def where(self) -> list[str]:
        """The topics that were told, in their order."""
        return [topic for topic, _ in self.told]


@pytest.fixture
def topics(stack: StackDriver, monkeypatch: pytest.MonkeyPatch) -> Topics:
    """Both topics."""
    return Topics(monkeypatch)


def test_an_outcome_is_told_in_the_chat_after_the_mail(stack: StackDriver, topics: Topics) -> None:
    stack.granted()
    assert topics.where == ["notices", "chat"]
    message = json.loads(topics.told[1][1])
    ChatMessage.model_validate(message)
    assert message["content"]["title"] == "`acme.main`: access granted"
    stack.run({"config": {}, "dry_run": True})
    assert topics.where == ["notices", "chat"]


def test_nothing_is_called_where_it_is_off(
    stack: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    topics = Topics(monkeypatch, chat="")
    stack.granted()
    assert topics.where == ["notices"]


def test_a_chat_that_fails_repeats_no_mail_and_is_counted(
    stack: StackDriver, topics: Topics, capsys: pytest.CaptureFixture[str]
) -> None:
    topics.fails = "chat"
    run = stack.granted()
    assert (run.error, topics.where) == (None, ["notices"])
    assert '"ChatFailed":[1.0]' in capsys.readouterr().out


def test_a_mail_that_fails_repeats_no_chat(stack: StackDriver, topics: Topics) -> None:
    topics.fails = "notices"
    stack.upload()
    with pytest.raises(ServiceUnavailable):
        stack.run(FILE)
    assert topics.where == []
