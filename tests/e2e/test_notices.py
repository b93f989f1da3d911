"""Notices as subscribers get them: a rule on the bus, a queue at the topic; and docs/notices.md."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from latchkey.times import parse_instant
from tests.e2e.commands import commands
from tests.e2e.conftest import Case
from tests.kit.outside import Outside, eventually
from tests.kit.repository import ROOT

pytestmark = pytest.mark.e2e

DOCUMENT = (ROOT / "docs/notices.md").read_text(encoding="utf-8")
NORMAL, AGAIN = (list(commands(part)) for part in DOCUMENT.split("## Send a notification again"))


@dataclass
class Subscriber:
    """Somebody with a queue at the topic, and one that a rule on the bus fills."""

    outside: Outside
    partner: str
    seen: dict[str, list[dict[str, Any]]]

    def look(self, kind: str) -> list[dict[str, Any]]:
        """All that has come so far: `messages` or `events`."""
        sqs = self.outside.box.client("sqs")
        url = sqs.get_queue_url(QueueName=f"{self.partner}-{kind}")["QueueUrl"]
        for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get(
            "Messages", []
        ):
            self.seen[kind].append(json.loads(message["Body"]))
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return self.seen[kind]

    def wait(self, kind: str, count: int) -> list[dict[str, Any]]:
        """The same, once there are so many."""
        found: list[dict[str, Any]] = eventually(
            lambda: self.look(kind), lambda seen: len(seen) >= count
        )
        return found


@pytest.fixture
def subscriber(outside: Outside, case: Case) -> Subscriber:
    """Subscribed to what is about the case's owner and partner only."""
    outputs, client = outside.box.outputs, outside.box.client
    arns = {}
    for kind in ("messages", "events"):
        client("sqs").create_queue(QueueName=f"{case.partner}-{kind}")
        arns[kind] = f"arn:aws:sqs:us-east-1:123456789012:{case.partner}-{kind}"
    client("sns").subscribe(
        TopicArn=outputs["NoticesTopicArn"],
        Protocol="sqs",
        Endpoint=arns["messages"],
        Attributes={"FilterPolicy": json.dumps({"owner": [f"team-{case.partner}"]})},
    )
    pattern = {"source": ["latchkey"], "detail": {"partner": [case.partner]}}
    rule = {"Name": case.partner, "EventBusName": outputs["EventBusName"]}
    client("events").put_rule(**rule, EventPattern=json.dumps(pattern))
    client("events").put_targets(
        Rule=case.partner,
        EventBusName=outputs["EventBusName"],
        Targets=[{"Id": "queue", "Arn": arns["events"]}],
    )
    return Subscriber(outside, case.partner, {"messages": [], "events": []})


def _config(case: Case, **changes: Any) -> dict[str, Any]:
    return case.config(owner=f"team-{case.partner}", **changes)


def test_subscribers_hear_of_a_grant_from_its_creation_to_its_end(
    outside: Outside, case: Case, subscriber: Subscriber
) -> None:
    outside.upload(case.key, _config(case))
    outside.upload(case.key, _config(case, principals=["*"]))
    outside.start({"action": "suspend", "partner": case.partner, "grant": "main"})
    outside.remove(case.key)
    facts = [event["detail-type"] for event in subscriber.wait("events", 4)]
    assert sorted(facts) == sorted(outside.events(case.partner))
    subjects = {message["Subject"] for message in subscriber.wait("messages", 4)}
    name = f"Latchkey: {case.partner}.main"
    assert {
        f"{name}: access granted",
        f"{name}: access suspended",
        f"{name}: access revoked",
    } <= subjects
    assert all(f"external-{case.partner}" not in json.dumps(m) for m in subscriber.seen["events"])


def test_dry_run_and_second_look_notify_nobody(
    outside: Outside, case: Case, subscriber: Subscriber
) -> None:
    outside.start({"config": _config(case), "dry_run": True})
    outside.upload(case.key, _config(case))
    outside.upload(case.key, _config(case))
    outside.start({"action": "suspend", "partner": case.partner, "grant": "main"})
    facts = {event["detail-type"] for event in subscriber.wait("events", 2)}
    assert facts == {"AccessGranted", "AccessSuspended"}
    assert len(subscriber.look("events")) == 2


def test_output_of_the_workflow_stays_the_result(outside: Outside, case: Case) -> None:
    run = outside.start({"config": case.config()})
    assert run["status"] == "SUCCEEDED"
    key = f"workflow/{case.partner}.main.json"
    stored = ("result_bucket", "result_key", "result_version")
    output = {name: value for name, value in run["output"].items() if name not in stored}
    assert output == outside.result(key, bool)


def test_outcome_without_notification_is_recorded_and_can_be_notified_again(
    outside: Outside, case: Case, subscriber: Subscriber
) -> None:
    with _without_topic(outside):
        run = outside.start({"config": _config(case)})
    assert (run["status"], run["error"]) == ("FAILED", "NotificationFailed")
    assert "recorded (created: " in run["cause"]
    assert outside.state(case.partner)["status"] == "active"
    assert outside.role(case.role) is not None
    assert subscriber.look("messages") == []
    printed = _in_a_shell(outside, [*NORMAL[:4], *AGAIN])
    assert '{"fact":"AccessGranted"}' in printed.replace(" ", "")
    (message,) = subscriber.wait("messages", 1)
    assert message["Subject"] == f"Latchkey: {case.partner}.main: access granted"


@contextmanager
def _without_topic(outside: Outside) -> Iterator[None]:
    """The topic is gone for a while, and back with its subscriptions."""
    sns, arn = outside.box.client("sns"), outside.box.outputs["NoticesTopicArn"]
    found = sns.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"]
    kept = [sns.get_subscription_attributes(SubscriptionArn=s["SubscriptionArn"]) for s in found]
    sns.delete_topic(TopicArn=arn)
    yield
    assert sns.create_topic(Name=arn.rsplit(":", 1)[-1])["TopicArn"] == arn
    for one, attributes in zip(found, kept, strict=True):
        wanted = {k: v for k, v in attributes["Attributes"].items() if k == "FilterPolicy"}
        where = {"Protocol": one["Protocol"], "Endpoint": one["Endpoint"]}
        sns.subscribe(TopicArn=arn, Attributes=wanted, **where)


def test_owner_is_reminded_a_week_before_and_once_a_day(
    outside: Outside, case: Case, subscriber: Subscriber
) -> None:
    expires_at = outside.in_(days=9)
    outside.upload(case.key, _config(case, expires_at=expires_at))
    subscriber.wait("events", 1)
    outside.box.advance(3 * 86400)
    reminders = [
        event for event in subscriber.wait("events", 2) if event["detail-type"] == "AccessExpiring"
    ]
    assert [event["detail"]["days_left"] for event in reminders] == [7]
    assert parse_instant(reminders[0]["detail"]["expires_at"]) == parse_instant(expires_at)
    digest = subscriber.wait("messages", 2)[-1]
    assert digest["Subject"] == "Latchkey: 1 grant expires soon, the first in 7 days"
    assert f"- {case.partner}.main at {expires_at}" in digest["Message"]


def test_every_command_of_the_document_works_in_a_shell(outside: Outside, case: Case) -> None:
    outside.upload(case.key, case.config())
    outside.start({"action": "suspend", "partner": case.partner, "grant": "main"})
    printed = _in_a_shell(outside, [line.replace("acme", case.partner) for line in NORMAL])
    assert '"SubscriptionArn": "arn:aws:sns' in printed
    assert f"{case.partner}.handoff.html" in printed


def _in_a_shell(outside: Outside, lines: list[str]) -> str:
    """What lines of the document print, run by bash with the real AWS CLI."""
    own = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "AWS_ENDPOINT_URL": outside.box.url,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "ops",
        "AWS_SECRET_ACCESS_KEY": "any",
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(lines)],
        env=own,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
