"""Intake: from S3 notifications to one workflow execution per config file."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

from latchkey.aws.authors import Authors
from latchkey.aws.workflow import Workflow
from latchkey.errors import LatchkeyError
from latchkey.frozen import Frozen
from latchkey.grants.approval_key import approved_grant
from latchkey.grants.author import Author
from latchkey.keys import APPROVALS, approval_run, file_run

_TEST = "s3:TestEvent"
_REMOVALS = ("ObjectRemoved:", "LifecycleExpiration:")
"""How the names of events about removed objects begin; those of lifecycle rules have their own
(S3 user guide, "Event notification types and destinations")."""

_CREATIONS, _MARKED = "ObjectCreated:", ":DeleteMarkerCreated"
"""How the names of events begin and end that tell of a new version."""


class NotANotification(ValueError):
    """A message that S3 did not write; after its last delivery it is a dead letter."""


class NothingStarted(Exception):
    """No message of a batch could be handled; SQS delivers them again."""


class ChangedFile(Frozen):
    """What a notification tells of a file: which version came, if one did, and by whom.

    A version that is no more, or was only restored from an archive, has its author already; of a
    bucket without versions, where `null` stands for any content, nobody is known.
    """

    bucket: str
    key: str
    version: str | None = None
    author: Author | None = None


def changed_files(notification: dict[str, Any]) -> Iterator[ChangedFile]:
    """What an S3 notification tells of every object in it, with its key decoded.

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
            yield ChangedFile(bucket, key, *_written(record))


def _written(record: dict[str, Any]) -> tuple[str, Author] | tuple[()]:
    """The version that a record tells of, a delete marker too, and who made it; if it made one."""
    event, version = str(record.get("eventName", "")), record["s3"]["object"].get("versionId")
    made = event.startswith(_CREATIONS) or event.endswith(_MARKED)
    author = Author.of_notification((record.get("userIdentity") or {}).get("principalId"))
    if not (made and author and isinstance(version, str) and version not in ("", "null")):
        return ()
    return version, author


def removes(notification: dict[str, Any]) -> bool:
    """Whether a notification is about objects that were removed, which may take access away.

    The names of events begin with the category (S3 user guide, "Event message structure").
    """
    records = notification.get("Records", [])
    return bool(records) and all(
        str(record.get("eventName", "")).startswith(_REMOVALS) for record in records
    )


class Intake(Frozen):
    """Notes who wrote what, and starts the runs for it."""

    authors: Authors
    workflow: Workflow

    def start_runs(self, notification: dict[str, Any], message_id: str) -> list[str]:
        """Start a run for each config file of a notification; answers their names.

        The names follow from the message, so that a message delivered twice starts one run. The
        author is noted first, so that the run knows; where that fails, the message comes again,
        but a removal, which takes access away, waits for nobody's name.
        """
        names: list[str] = []
        for file in changed_files(notification):
            if file.key.startswith(APPROVALS):
                names += self._look_again(file.key, message_id)
                continue
            try:
                if file.version and file.author:
                    self.authors.note(file.key, file.version, file.author)
            except LatchkeyError:
                if not removes(notification):
                    raise
            name = file_run(file.key, message_id)
            self.workflow.start(name, {"bucket": file.bucket, "key": file.key})
            names.append(name)
        return names

    def _look_again(self, key: str, message_id: str) -> Iterator[str]:
        """Have a grant looked at of which somebody approves or rejects something.

        Whether that counts the run sees by itself; an object of any other key is nothing.
        """
        if grant := approved_grant(key):
            name = approval_run(grant, key, message_id)
            what = {"action": "check", **grant.document(), "by": "approval"}
            self.workflow.start(name, {**what, "reason": "somebody approved or rejected"})
            yield name
