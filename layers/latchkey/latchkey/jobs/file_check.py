"""The file check: compares the config bucket with the records; runs reconcile the differences.

Notifications of S3 arrive at least once (Amazon S3 user guide, "Amazon S3 Event Notifications"),
unless somebody switches them off, a lifecycle rule for versions removes what they would be about,
or the queue loses a message. What no notification told is found here.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from latchkey.aws.config_files import ConfigFiles
from latchkey.aws.config_listing import ConfigListing, ListedFile
from latchkey.aws.grant_history import GrantHistory
from latchkey.aws.grants_by_expiry import LiveGrants
from latchkey.aws.workflow import Workflow
from latchkey.frozen import Frozen
from latchkey.keys import file_run
from latchkey.times import stamp

ON_THE_WAY = timedelta(minutes=15)
"""Uploads younger than this are left to their notification, which may wait behind others."""

_SECOND = timedelta(seconds=1)
"""The listing's times are cut to it. A run within it may have read the version before."""

_PERIOD = 3600
"""Seconds; checks within one period start a file's run once."""


class FilesFound(Frozen):
    """Keys of files that differ from the records.

    `gone` are not there, though a live grant was granted by them; `unread` were uploaded after the
    last run that read them, or were never read.
    """

    gone: tuple[str, ...]
    unread: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """All of them; what takes access away comes first."""
        return (*self.gone, *self.unread)


class FileCheck(Frozen):
    """Finds differences and starts runs; `limit` bounds how many at once, `by` is their trigger.

    `requested_by` is who asks for them, where somebody does.
    """

    files: ConfigListing
    records: ConfigFiles
    grants: LiveGrants
    history: GrantHistory
    workflow: Workflow
    limit: int
    by: str = "file_check"
    requested_by: str = ""

    def check(self, now: datetime) -> FilesFound:
        """Start a run for each file that differs; answers those whose run was started.

        Raises
        ------
        LatchkeyError
            Where AWS does not answer; the next check begins anew.
        """
        return self.start(self.compare(now), once=int(now.timestamp()) // _PERIOD)

    def compare(self, now: datetime, younger: timedelta = ON_THE_WAY) -> FilesFound:
        """The files that differ, but for uploads that are `younger`.

        The bucket is listed after the grants and before the records. So a file that is granted or
        removed meanwhile is not missed, and at worst read once more.
        """
        granted_by = {key for key in self._granted_by() if key}
        there = {file.key: file for file in self.files.files()}
        settled = (file for file in there.values() if file.modified <= now - younger)
        return FilesFound(
            gone=tuple(sorted(granted_by - there.keys())),
            unread=tuple(sorted(self._unread(settled))),
        )

    def start(self, found: FilesFound, once: int) -> FilesFound:
        """Start the files' runs, those first that take access away; answers what was started.

        `once` is the number of a period, within which a file's run is started once. Where there are
        more than one check may start, each period begins where the one before ended, so that what
        fails again and again holds nobody up.
        """
        gone = _in_turn(found.gone, once, self.limit)
        left = max(self.limit - len(gone), self.limit // 2, 1)
        unread = _in_turn(found.unread, once, left)
        return FilesFound(
            gone=tuple(key for key in gone if self._start(key, once)),
            unread=tuple(key for key in unread if self._start(key, once)),
        )

    def _granted_by(self) -> Iterator[str | None]:
        live = [grant.id for grant in self.grants.all()]
        for state in self.history.states(live).values():
            yield state.get("config_key")

    def _unread(self, files: Iterable[ListedFile]) -> Iterator[str]:
        modified = {file.key: stamp(file.modified + _SECOND) for file in files}
        read = self.records.read_at(modified)
        return (key for key, uploaded in modified.items() if read.get(key, "") < uploaded)

    def _start(self, key: str, once: int) -> bool:
        request = {"bucket": self.files.bucket, "key": key, "by": self.by}
        request |= {"requested_by": self.requested_by} if self.requested_by else {}
        return self.workflow.start(file_run(key, f"check {once}"), request)


def _in_turn(keys: Sequence[str], once: int, most: int) -> Sequence[str]:
    """As many of the keys as may be, in each period others of them."""
    first = once * most % len(keys) if len(keys) > most else 0
    return [*keys[first:], *keys[:first]][:most]
