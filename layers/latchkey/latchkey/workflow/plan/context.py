"""What is handed from step to step while a run is planned."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from latchkey.config.problem import Problem
from latchkey.config.reader import ReadConfig
from latchkey.errors import LatchkeyError
from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.grants.author import Author
from latchkey.grants.confirmation import Given, with_end
from latchkey.grants.file_record import FileRecord
from latchkey.grants.intent import Intent
from latchkey.grants.plan import Source
from latchkey.grants.record import GrantRecord
from latchkey.grants.role import ObservedRole, RoleNaming
from latchkey.grants.role_name import name_in_force
from latchkey.grants.validation import Validation
from latchkey.iam.environment import AwsEnvironment
from latchkey.newer_python import replace
from latchkey.workflow.events import Execution
from latchkey.workflow.plan.newest import Newest
from latchkey.workflow.request import ActionRequest, InlineRequest, Request

if TYPE_CHECKING:  # the pure steps get to see these models, and need no client for them
    from latchkey.aws.config_bucket import ConfigFile, UnreadableFile


class GrantReference(Frozen):
    """The grant that a run is about, and how that was found.

    `request` is None where the input made no sense: `problems` say why, or why its file cannot be a
    config. `grant` is None where nothing names one. `source` is where the config was found, `file`
    the file as it was read then, `read` what it says. `on_record` is what the table has of the
    file; of a file that names its grant it is read under the grant's lease. `version` is that of
    the file or of its delete marker. After the `last_try` nobody tries again.
    """

    run: Execution
    now: datetime
    request: Request | None = None
    problems: tuple[Problem, ...] = ()
    source: Source = Source()
    grant: GrantId | None = None
    file: "ConfigFile | UnreadableFile | None" = None
    read: ReadConfig | None = None
    on_record: FileRecord = FileRecord()
    version: str | None = None
    last_try: bool = False

    @property
    def given_at(self) -> datetime:
        """When the run was started: an order counts from then on, however long it has waited."""
        started = self.run.start_time
        return datetime.fromisoformat(started) if started else self.now

    @property
    def earlier(self) -> tuple[GrantId, ...]:
        """The other grants of the file, which have to be looked at as well."""
        return tuple(sorted(grant for grant in self.on_record.grants if grant != self.grant))

    @property
    def overtaken(self) -> bool:
        """Whether what this run was started for was looked at after its start, and is settled."""
        seen_at = self.on_record.settled_at(self.source.version, self.grant)
        if not (self.run.start_time and seen_at):
            return False
        return datetime.fromisoformat(self.run.start_time) < datetime.fromisoformat(seen_at)


class Leased(Frozen):
    """A reference whose grant is this run's alone, where the lease is `held`.

    None is needed for what names no grant, and for a dry run. A run that was `overtaken` while
    another was at work has nothing to do. `unrecorded` is the intent log: what runs before began
    and did not live to record.
    """

    reference: GrantReference
    held: bool = False
    overtaken: bool = False
    unrecorded: tuple[Intent, ...] = ()


class CurrentConfig(Frozen):
    """The config that a grant is held to; `read` is None where its file is not there.

    `text` is JSON, `replaces` the version that had been recorded before, `given_at` when it was
    uploaded or sent, `author` whose it is, `newest` a newer version that it stands in for.
    """

    source: Source = Source()
    read: ReadConfig | None = None
    text: str | None = None
    replaces: str | None = None
    newest: Newest | None = None
    given_at: datetime | None = None
    author: Author | None = None


class PlanningContext(Frozen):
    """Whose grant it is, what is on record of it, and what its config says.

    The `record` is with what the intent log says: what was begun counts as recorded. `rival_exists`
    is whether the file that has a contested grant is there.
    """

    reference: GrantReference
    naming: RoleNaming
    environment: AwsEnvironment
    unrecorded: tuple[Intent, ...] = ()
    overtaken: bool = False
    record: GrantRecord | None = None
    config: CurrentConfig = CurrentConfig()
    rival_exists: bool = False

    @property
    def grant(self) -> GrantId:
        """The grant; to be asked for only where the reference has one."""
        assert self.reference.grant
        return self.reference.grant

    @property
    def demanded(self) -> str | None:
        """The name that the role is to have by the config or, without one, as on record."""
        read, record = self.config.read, self.record
        if read and read.config and read.grant == self.grant:
            return read.config.role_name
        return record.role_name if record else None

    @property
    def role_name(self) -> str:
        """The name that the grant's role has, or will have."""
        return name_in_force(self.record, self.grant, self.demanded, self.naming)

    @property
    def role_arn(self) -> str:
        """The ARN that the grant's role has, or will have."""
        return self.naming.role_arn(self.grant, self.environment, self.role_name)

    @property
    def now(self) -> datetime:
        """The time that the run is planned for."""
        return self.reference.now

    @property
    def request(self) -> Request:
        """The request; to be asked for only where the input made sense."""
        assert self.reference.request
        return self.reference.request

    @property
    def order(self) -> ActionRequest | None:
        """The request, if it is an order or a check."""
        request = self.reference.request
        return request if isinstance(request, ActionRequest) else None

    @property
    def checks(self) -> bool:
        """Whether this run only looks again at what was granted."""
        return self.order is not None and self.order.action == "check"

    @property
    def confirms(self) -> bool:
        """Whether somebody ordered that a grant without a fixed end goes on."""
        return self.order is not None and self.order.action == "confirm"

    def with_end(self) -> "PlanningContext":
        """The context whose config has an end, also where that follows from who confirmed it."""
        read, given = self.config.read, self.config
        if read is None or read.config is None:
            return self
        at = self.reference.given_at if self.confirms else None
        told = Given(given.source.version, given.text, given.given_at, at)
        config = with_end(read.config, self.record, told, self.now)
        return replace(self, config=replace(given, read=replace(read, config=config)))

    @property
    def ordered(self) -> str | None:
        """The action that somebody ordered; a check is no order."""
        return self.order.action if self.order and not self.checks else None

    @property
    def begun(self) -> tuple[dict[str, Any], ...]:
        """The changes, as JSON data, that are in the intent log."""
        return tuple(change for intent in self.unrecorded for change in intent.changes)

    @property
    def live(self) -> bool:
        """Whether the grant may have a role, by its record."""
        return self.record is not None and self.record.live

    @property
    def takes_away(self) -> bool:
        """Whether this is an order that takes access away: it needs the table and the role."""
        return self.order is not None and self.order.action in ("suspend", "revoke")

    @property
    def newer(self) -> bool:
        """Whether the config of a live grant is not the one that it was granted by."""
        record, version = self.record, self.config.source.version
        return self.live and not (record and record.accepted and record.config_version == version)

    @property
    def tolerant(self) -> bool:
        """Whether broken guardrails are only reported.

        They are to who only looks again at a live grant as it was granted: a version that nobody
        has held to the guardrails yet is held to them whoever finds it.
        """
        return self.live and self.checks and not self.newer

    @property
    def key(self) -> str | None:
        """The file that the config is from or, in a dry run, is to be."""
        request = self.request
        return request.as_file if isinstance(request, InlineRequest) else self.config.source.key

    @property
    def contested(self) -> bool:
        """Whether a valid config asks for a grant that another source has, or waits to have."""
        read, record = self.config.read, self.record
        if self.order or read is None or read.problems or record is None:
            return False
        return (record.live or record.waits) and record.config_key != self.key


class Snapshot(Frozen):
    """All that a run read before it decides: nothing is read after this.

    `validation` is what holding the config to AWS and to the guardrails came to, `external_ids` are
    those of the role to be. `role` and `schedule` (its time, `YYYY-MM-DDTHH:MM:SSZ`) are as they
    were observed, None where there is none or none was looked for. `failure` is what kept the rest
    from being read.
    """

    context: PlanningContext
    validation: Validation | None = None
    external_ids: tuple[str, ...] = ()
    role: ObservedRole | None = None
    schedule: str | None = None
    failure: LatchkeyError | None = None

    @property
    def refused(self) -> bool:
        """Whether what was found keeps the config from being granted."""
        found = self.validation
        refusals = found.refusals(tolerant=self.context.tolerant) if found else ()
        return bool(self.failure or refusals)
