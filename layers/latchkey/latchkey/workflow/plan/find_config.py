"""Which grant a request is about, and what its config says now."""

import json
from copy import replace
from datetime import datetime
from typing import Any

from latchkey.aws.config_bucket import ConfigBucket, ConfigFile
from latchkey.aws.config_files import bound_grants, named_grant
from latchkey.aws.grant_table import GrantTable
from latchkey.aws.table import Item
from latchkey.config.problem import Problem
from latchkey.config.reader import ReadConfig, read_config
from latchkey.config.rules import StackContext
from latchkey.errors import GrantBusy
from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.grants.grant_plan import Source
from latchkey.grants.record import GrantRecord
from latchkey.workflow.request import ActionRequest, FileRequest, InlineRequest, Request

KEY_PREFIX = "partners/"
KEY_SUFFIX = ".json"


class Subject(Frozen):
    """The grant that a request is about.

    `grant` is None when the request names none. `bound` are all grants that the request's file may
    have given access by so far. `recorded` is the version of the file that the last run recorded,
    `rejected` the same if it rejected that one. `seen_at` is when the last run was planned, if it
    looked at the newest version and left nothing to do. `file` is the file as the subject was found
    by it, `read` what it says, `before` what the table tells of it.
    """

    source: Source = Source()
    grant: GrantId | None = None
    bound: frozenset[GrantId] = frozenset()
    recorded: str | None = None
    rejected: str | None = None
    seen_at: str | None = None
    file: ConfigFile | None = None
    read: ReadConfig | None = None
    before: Item | None = None

    @property
    def earlier(self) -> tuple[GrantId, ...]:
        """The other grants of the file, which have to be looked at as well."""
        return tuple(sorted(self.bound - {self.grant}))


class FoundConfig(Frozen):
    """What a grant's config says: `read` is None when its file is not there.

    `replaces` is the version of the file that had been recorded before it was read.
    """

    source: Source = Source()
    read: ReadConfig | None = None
    text: str | None = None
    replaces: str | None = None


class ConfigFinder:
    """Finds configs: in the request, in the config bucket, or as accepted before."""

    def __init__(self, files: ConfigBucket, table: GrantTable, house: StackContext) -> None:
        self._files = files
        self._table = table
        self._house = house

    @property
    def bucket(self) -> str:
        """The bucket that configs are read from."""
        return self._files.name

    def misplaced(self, request: FileRequest) -> tuple[Problem, ...]:
        """The problems with where a file is: configs are in one bucket, under one prefix."""
        problems = []
        if request.bucket != self._files.name:
            message = f"configs are read from the config bucket only, {self._files.name}"
            problems.append(Problem("/bucket", message))
        if not (request.key.startswith(KEY_PREFIX) and request.key.endswith(KEY_SUFFIX)):
            problems.append(Problem("/key", f"a config's key is {KEY_PREFIX}<name>{KEY_SUFFIX}"))
        return tuple(problems)

    def subject(self, request: Request, run: str, now: datetime) -> Subject:
        """The grant that a request is about; `run` is the name of this execution.

        Of a file that names its grant, what the table tells is yet to be read (`known`).
        """
        match request:
            case ActionRequest():
                return Subject(Source(), request.grant_id)
            case InlineRequest():
                read = read_config(_encoded(request), self._house, now)
                return Subject(Source(version=run), read.grant)
            case FileRequest(key=key):
                return self._file_subject(key, now)

    def known(self, request: Request, subject: Subject) -> tuple[Subject, GrantRecord | None]:
        """What the table tells of a subject's file and grant; read under the grant's lease."""
        assert subject.grant
        if not isinstance(request, FileRequest):
            return subject, self._table.get(subject.grant)
        before, record = self._table.file_and_grant(request.key, subject.grant)
        return _with_file_item(subject, before), record

    def settled(self, request: FileRequest, subject: Subject) -> Subject:
        """The subject with what the table tells of its file, whoever has the grant's lease."""
        return _with_file_item(subject, self._table.file(request.key))

    def config(
        self,
        request: Request,
        subject: Subject,
        record: GrantRecord | None,
        now: datetime,
        *,
        begun: bool = False,
    ) -> FoundConfig:
        """What the grant's config says now; to be called under the grant's lease.

        A file is read once more, unless nobody can have had the lease since it was read: then
        nothing that was done with a newer version can be undone, and the run for one, if there is
        one, comes after this. `begun` is whether a run before left something unrecorded.

        Raises
        ------
        GrantBusy
            When the file began to name another grant since `subject` looked.
        """
        match request:
            case InlineRequest():
                body = _encoded(request)
                return FoundConfig(
                    subject.source,
                    read_config(body, self._house, now),
                    body.decode("utf-8", "replace"),
                )
            case FileRequest(key=key):
                file = subject.file
                if begun or not _untouched(subject, record):
                    file = self._files.newest(key)
                found = self._found(key, file, record, now)
                if found.read and found.read.grant not in (None, subject.grant):
                    raise GrantBusy(f"{key} changed while it was read")
                return replace(found, replaces=subject.recorded)
            case ActionRequest():
                if record and record.config_key:
                    before = self._table.file(record.config_key) or {}
                    found = self._file(record.config_key, record, now)
                    return replace(found, replaces=before.get("config_version"))
                return self.accepted(record)

    def accepted(self, record: GrantRecord | None) -> FoundConfig:
        """The config that a grant was last granted by."""
        if record is None or record.config is None:
            return FoundConfig(Source())
        source = Source(record.config_bucket, record.config_key, record.config_version)
        read = read_config(record.config.encode(), self._house, None)
        return FoundConfig(source, read, record.config)

    def file_exists(self, key: str) -> bool:
        """Whether a config file is there now."""
        return self._files.exists(key)

    def _file_subject(self, key: str, now: datetime) -> Subject:
        file = self._files.newest(key)
        read = read_config(file.body, self._house, now) if file else None
        source = Source(self._files.name, key, file.version if file else None)
        subject = Subject(source, read.grant if read else None, file=file, read=read)
        if subject.grant:
            return subject
        before = self._table.file(key)
        return _with_file_item(replace(subject, grant=named_grant(before)), before)

    def _file(self, key: str, record: GrantRecord | None, now: datetime) -> FoundConfig:
        return self._found(key, self._files.newest(key), record, now)

    def _found(
        self, key: str, file: ConfigFile | None, record: GrantRecord | None, now: datetime
    ) -> FoundConfig:
        if file is None:
            return FoundConfig(Source(self._files.name, key))
        source = Source(file.bucket, key, file.version)
        return FoundConfig(source, self._read(file, record, now), _text(file))

    def _read(self, file: ConfigFile, record: GrantRecord | None, now: datetime) -> ReadConfig:
        """A file is judged by when it was uploaded: what expired since then has expired."""
        known = record is not None and record.config is not None
        accepted = known and record is not None and record.config_version == file.version
        at = None if accepted else min(now, file.modified)
        return read_config(file.body, self._house, at)


def _with_file_item(subject: Subject, item: Item | None) -> Subject:
    before = item or {}
    version, recorded = subject.source.version, before.get("config_version")
    bound = bound_grants(before)
    settled = version and recorded == version and _settled(before, subject.grant)
    return replace(
        subject,
        bound=bound,
        recorded=recorded,
        rejected=recorded if before.get("outcome") == "rejected" else None,
        seen_at=before["updated_at"] if settled and bound <= {subject.grant} else None,
        before=item,
    )


def _untouched(subject: Subject, record: GrantRecord | None) -> bool:
    """Whether, by what the table tells under the lease, no run knew another version of the file."""
    if subject.file is None:
        return False
    if subject.before is None:
        return record is None
    return subject.recorded == subject.file.version


def _settled(before: dict[str, Any], named: GrantId | None) -> bool:
    """Whether the last run for a file did all there was to do for the grant that it names."""
    found_wanting = before["outcome"] != "rejected" and bool(before["problems"])
    failed = before["outcome"] == "failed"
    return named_grant(before) == named and not failed and not found_wanting


def _encoded(request: InlineRequest) -> bytes:
    return json.dumps(request.config, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _text(file: ConfigFile) -> str:
    return file.body.decode("utf-8", "replace")
