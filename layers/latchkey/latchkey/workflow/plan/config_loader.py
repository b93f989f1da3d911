"""What is on record of a grant, and what its config says now; a part of load."""

from datetime import datetime

from latchkey.aws.authors import Authors
from latchkey.aws.config_bucket import ConfigBucket, ConfigFile, RemovedFile, UnreadableFile
from latchkey.aws.config_versions import ConfigVersions
from latchkey.aws.grant_table import GrantTable
from latchkey.config.problem import Problem
from latchkey.config.reader import ReadConfig, read_config
from latchkey.config.rules import StackContext
from latchkey.errors import GrantBusy, LatchkeyError, TransientError
from latchkey.frozen import Frozen
from latchkey.grants.file_record import FileRecord
from latchkey.grants.intent import record_with
from latchkey.grants.plan import Source
from latchkey.grants.record import GrantRecord
from latchkey.keys import is_config_key
from latchkey.newer_python import replace
from latchkey.workflow.plan.context import CurrentConfig, GrantReference, PlanningContext
from latchkey.workflow.plan.newest import Newest
from latchkey.workflow.request import ActionRequest, FileRequest, InlineRequest


class ConfigLoader(Frozen):
    """Reads configs: in the request, in the config bucket, or as accepted before."""

    files: ConfigBucket
    versions: ConfigVersions
    table: GrantTable
    authors: Authors
    stack: StackContext

    def on_record(self, context: PlanningContext) -> PlanningContext:
        """The context with the table's records of the grant and of the request's file."""
        request = context.request
        if not isinstance(request, FileRequest):
            record = record_with(context.unrecorded, self.table.get(context.grant))
            return replace(context, record=record)
        version = context.reference.version
        on_record, record = self.table.file_and_grant(request.key, context.grant, version)
        reference = replace(context.reference, on_record=on_record)
        record = record_with(context.unrecorded, record)
        return replace(context, reference=reference, record=record)

    def current(self, context: PlanningContext) -> PlanningContext:
        """The context with what the grant's config says now, as it is under the grant's lease.

        Raises
        ------
        GrantBusy
            When the file began to name another grant since the grant was identified.
        """
        context = self._with_accepted(replace(context, config=self._config(context))).with_end()
        holder = context.record.config_key if context.record and context.contested else None
        if holder is None:
            return context
        there = (context.key is None and context.live) or self._holds(holder, context)
        return replace(context, rival_exists=there)

    def _holds(self, key: str, context: PlanningContext) -> bool:
        """Whether a file is there and does not ask for another grant by now."""
        file = self.files.newest(key, last=context.reference.last_try)
        read = file.read(self.stack, None) if file else None
        return read is not None and (bool(read.problems) or read.grant in (None, context.grant))

    def _with_accepted(self, context: PlanningContext) -> PlanningContext:
        """The context whose record has the config that the grant was granted by, as it was read.

        In place of one that is not read as it was recorded there is none: what is asked for now is
        other content then.
        """
        record, config = context.record, context.config
        if record is None or not record.config_object or not record.inline or context.takes_away:
            return context
        if isinstance(context.request, InlineRequest):
            config = self._accepted(context)
        return replace(context, record=replace(record, config=config.text))

    def _config(self, context: PlanningContext) -> CurrentConfig:
        match context.request:
            case InlineRequest(text=text):
                reference = context.reference
                sent = reference.given_at
                return CurrentConfig(reference.source, reference.read, text, given_at=sent)
            case FileRequest(key=key):
                return self._of_file(key, context)
            case ActionRequest():
                return self._of_order(context)

    def _of_file(self, key: str, context: PlanningContext) -> CurrentConfig:
        """A file is read once more, unless nobody can have had the lease since it was read.

        Then nothing that was done with a newer version can be undone, and the run for one, if
        there is one, comes after this.
        """
        reference, seen = context.reference, context.reference.file or RemovedFile()
        if context.unrecorded or not _untouched(reference, context.record):
            seen = self.files.look(key, last=reference.last_try)
        found = self._found(key, seen, context)
        if found.read and found.read.grant not in (None, reference.grant):
            raise GrantBusy(f"{key} changed while it was read")
        author = reference.on_record.author
        if seen.version not in (reference.version, None):
            author = self.authors.of(key, seen.version)
        return replace(found, replaces=reference.on_record.version, author=author)

    def _of_order(self, context: PlanningContext) -> CurrentConfig:
        """The file's config or, while that cannot be granted, the one that was accepted before it.

        What takes access away goes by the record alone: no file can be in its way.
        """
        record = context.record
        if record is None or not (record.config_key and is_config_key(record.config_key)):
            return self._accepted(context)
        key = record.config_key
        on_record = FileRecord(self.table.file(key))
        if context.takes_away:
            found = self._as_recorded(record, on_record)
            another = on_record.named not in (None, context.grant)
        else:
            last = context.reference.last_try
            seen = self.files.look(key, last=last)
            found = self._found(key, seen, context)
            known = seen.version == record.config_version
            author = record.author if known else self.authors.of(key, seen.version)
            found = replace(found, author=author)
            if found.read and found.read.problems:
                found = self._instead(Newest(found.source), context)
            another = bool(found.read and found.read.grant != context.grant)
        if another:
            found = replace(found, source=Source())  # another grant's by now
        return replace(found, replaces=on_record.version)

    def instead(self, context: PlanningContext, newest: Newest) -> PlanningContext:
        """The context with the config that was accepted last, in place of the newest one."""
        config = self._instead(newest, context)
        return replace(context, config=replace(config, replaces=context.config.replaces)).with_end()

    def _instead(self, newest: Newest, context: PlanningContext) -> CurrentConfig:
        accepted = self._accepted(context)
        other = newest.source.version != accepted.source.version
        return replace(accepted, newest=newest if other else None)

    def _as_recorded(self, record: GrantRecord, on_record: FileRecord) -> CurrentConfig:
        """What was accepted; that a newer version was rejected is on record of the file."""
        accepted, version = _as_known(record), on_record.version
        if version == record.config_version or not on_record.rejected(version):
            return accepted
        newest = Source(record.config_bucket, record.config_key, version)
        return replace(accepted, newest=Newest(newest))

    def _accepted(self, context: PlanningContext) -> CurrentConfig:
        """The config that a live grant was granted by: that very version, as it was recorded.

        The table has no say in what may be granted. A version that cannot be read so is a problem.
        """
        record = context.record
        if record is None or not record.live:
            return CurrentConfig()
        known = _as_known(record)
        if context.takes_away:
            return known
        try:
            text = self.versions.read(record)
        except LatchkeyError as error:
            if isinstance(error, TransientError) and not context.reference.last_try:
                raise
            unproven = ReadConfig(context.grant, None, (Problem("", str(error)),))
            return replace(known, read=unproven, text=None)
        read = read_config(text.encode(), self.stack, None)
        if read.grant != context.grant:
            other = Problem("/grant", f"what is on record for {context.grant} names {read.grant}")
            return replace(known, read=ReadConfig(context.grant, None, (other,)), text=None)
        return replace(known, read=read, text=text)

    def _found(
        self, key: str, file: ConfigFile | UnreadableFile | RemovedFile, context: PlanningContext
    ) -> CurrentConfig:
        if isinstance(file, RemovedFile):
            return CurrentConfig(Source(self.files.name, key))
        source = Source(file.bucket, key, file.version)
        read = self._read(file, context.record, context.now)
        return CurrentConfig(source, read, file.text, given_at=file.modified)

    def _read(
        self, file: ConfigFile | UnreadableFile, record: GrantRecord | None, now: datetime
    ) -> ReadConfig:
        """A file is judged by when it was uploaded: what expired since then has expired."""
        known = record is not None and record.config is not None
        accepted = known and record is not None and record.config_version == file.version
        return file.read(self.stack, None if accepted else min(now, file.modified or now))


def _as_known(record: GrantRecord) -> CurrentConfig:
    """Which config was accepted, without it: what only takes access away reads none."""
    source = Source(record.config_bucket, record.config_key, record.config_version)
    return CurrentConfig(source, author=record.author)


def _untouched(reference: GrantReference, record: GrantRecord | None) -> bool:
    """Whether, by the table's record under the lease, no run knew another version of the file."""
    if reference.file is None:
        return False
    if reference.on_record.item is None:
        return record is None
    return reference.on_record.version == reference.file.version
