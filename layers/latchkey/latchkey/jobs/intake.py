"""Intake: from S3 notifications to one workflow execution per config file."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

from latchkey.aws.workflow import Workflow
from latchkey.keys import file_run

_TEST = "s3:TestEvent"
_REMOVALS = ("ObjectRemoved:", "LifecycleExpiration:")
"""How the names of events about removed objects begin; those of lifecycle rules have their own
(S3 user guide, "Event notification types and destinations")."""


class NotANotification(ValueError):
    """A message that S3 did not write; after its last delivery it is a dead letter."""


class NothingStarted(Exception):
    """No message of a batch could be handled; SQS delivers them again."""


def changed_files(notification: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The bucket and key of every object in an S3 notification, decoded.

    A test event, which S3 sends when notifications are set up, has no `Records` and yields
    nothing (S3 user guide, "Event message structure"). A key that ends with `/` is the marker that
    the S3 console makes for a folder, no file.

    Raises
    ------
    NotANotification
        When there are no records, as in events of EventBridge or messages that SNS wrapped: what
        they are about would be lost in silence.
    """
    records = notification.get("Records")
    if not records and notification.get("Event") != _TEST:
        raise NotANotification(
            "there are no Records: the queue takes what S3 itself sends to it, and neither "
            "EventBridge's events nor messages by way of SNS"
        )
    for record in records or ():
        bucket, key = record["s3"]["bucket"]["name"], unquote_plus(record["s3"]["object"]["key"])
        if not key.endswith("/"):
            yield bucket, key


def removes(notification: dict[str, Any]) -> bool:
    """Whether a notification is about objects that were removed, which may take access away.

    The names of events begin with the category (S3 user guide, "Event message structure").
    """
    records = notification.get("Records", [])
    return bool(records) and all(
        str(record.get("eventName", "")).startswith(_REMOVALS) for record in records
    )


def start_runs(workflow: Workflow, notification: dict[str, Any], message_id: str) -> list[str]:
    """Start a run for each config file of a notification; answers their names.

    The names follow from the message, so that a message delivered twice starts one run.
    """
    names = []
    for bucket, key in changed_files(notification):
        name = file_run(key, message_id)
        workflow.start(name, {"bucket": bucket, "key": key})
        names.append(name)
    return names
