"""Step 1, identify: which grant a run is about."""

from datetime import datetime

from latchkey.aws.config_bucket import ConfigBucket, RemovedFile
from latchkey.aws.grant_table import GrantTable
from latchkey.config.problem import ConfigRejected, Problem
from latchkey.config.reader import read_config
from latchkey.config.rules import StackContext
from latchkey.frozen import Frozen
from latchkey.grants.plan import Source
from latchkey.keys import CONFIG_PREFIX, CONFIG_SUFFIX, is_config_key
from latchkey.newer_python import replace
from latchkey.workflow.events import PlanEvent
from latchkey.workflow.plan.context import GrantReference
from latchkey.workflow.request import ActionRequest, FileRequest, InlineRequest, parse_request

RETRIES = 5
"""Plan's retries after a fault of AWS (statemachine/): after them a fault counts as an answer."""


class Identifier(Frozen):
    """Finds the grant: an order names it, a config says it, of a file the table may know it."""

    files: ConfigBucket
    table: GrantTable
    stack: StackContext

    def identify(self, event: PlanEvent, now: datetime) -> GrantReference:
        """The grant that the input of Plan is about; an input that makes no sense is a problem."""
        found = GrantReference(event.execution, now, last_try=event.retries >= RETRIES)
        try:
            request = parse_request(event.request)
        except ConfigRejected as rejected:
            return replace(found, problems=rejected.problems)
        found = replace(found, request=request)
        match request:
            case ActionRequest():
                return replace(found, grant=request.grant_id)
            case InlineRequest():
                read = read_config(request.body, self.stack, now)
                source = Source(version=event.execution.name)
                return replace(found, source=source, grant=read.grant, read=read)
            case FileRequest() if problems := misplaced(request, self.files.name):
                ours = request.bucket == self.files.name  # else it is not this bucket's key
                source = Source(request.bucket, request.key) if ours else Source()
                return replace(found, source=source, problems=problems)
            case FileRequest(key=key):
                return self.of_file(found, key)

    def of_file(self, found: GrantReference, key: str) -> GrantReference:
        """The grant that a file names or, where it is gone or cannot be read, named last."""
        seen = self.files.look(key, last=found.last_try)
        file = None if isinstance(seen, RemovedFile) else seen
        read = file.read(self.stack, found.now) if file else None
        source = Source(self.files.name, key, file.version if file else None)
        found = replace(found, source=source, file=file, read=read, version=seen.version)
        if read and read.grant:
            return replace(found, grant=read.grant)
        on_record = self.table.file_by(key, seen.version)
        return replace(found, grant=on_record.named, on_record=on_record)


def misplaced(request: FileRequest, bucket: str) -> tuple[Problem, ...]:
    """The problems with where a file is: configs are in one bucket, under one prefix."""
    problems = []
    if request.bucket != bucket:
        message = f"configs are read from the config bucket only, {bucket}"
        problems.append(Problem("/bucket", message))
    if not is_config_key(request.key):
        problems.append(Problem("/key", f"a config's key is {CONFIG_PREFIX}<name>{CONFIG_SUFFIX}"))
    return tuple(problems)
