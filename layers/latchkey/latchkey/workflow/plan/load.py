"""Step 3, load: every read of AWS that a plan needs, into one snapshot.

What has to be read follows from what becomes of the grant, so one rule of the next step is asked in
between: `decide.verdict`, which goes by record and config. A run that grants nothing looks up no
resource, and one that changes nothing no role. That step asks it again, with the whole snapshot.
"""

from collections.abc import Callable
from functools import partial

from latchkey.aws.scheduler import ScheduleGateway
from latchkey.concurrency import concurrently
from latchkey.config.reader import ReadConfig
from latchkey.config.schema import PartnerConfig
from latchkey.errors import LatchkeyError, PermanentError, SpokeUnreachable, TransientError
from latchkey.frozen import Frozen
from latchkey.grants.account import account_in_force, naming_in
from latchkey.grants.external_id import kept_external_id
from latchkey.grants.role import ObservedRole, RoleNaming
from latchkey.grants.validation import Lookups, Validation
from latchkey.iam.environment import AwsEnvironment
from latchkey.keys import config_place
from latchkey.newer_python import replace
from latchkey.workflow.plan.belonging import of_another_source
from latchkey.workflow.plan.config_loader import ConfigLoader
from latchkey.workflow.plan.context import Leased, PlanningContext, Snapshot
from latchkey.workflow.plan.decide import fixed_problems, verdict
from latchkey.workflow.plan.decisions import Close, Invalid, Provide, Remove
from latchkey.workflow.plan.lookups import LookupReader, Place, Readers
from latchkey.workflow.plan.newest import Newest
from latchkey.workflow.plan.orphan import orphan_in


class Loader(Frozen):
    """Reads a run's snapshot; `new_external_id` makes a value that is hard to guess."""

    configs: ConfigLoader
    lookups: LookupReader
    readers: Readers
    schedules: ScheduleGateway
    naming: RoleNaming
    environment: AwsEnvironment
    new_external_id: Callable[[], str]

    def load(self, leased: Leased) -> Snapshot:
        """All that the plan goes by, as it is under the lease.

        What the role needs and AWS refuses to show is the snapshot's `failure`; a fault before
        that is raised, since then nobody knows what is granted. Who only looks again, or resumes,
        and finds a version that cannot be granted, goes by the one before it.

        Raises
        ------
        GrantBusy
            When the file began to name another grant since the grant was identified.
        """
        context, ahead = self._context(leased)
        found = self._snapshot(context, ahead)
        ends = isinstance(verdict(context), Remove | Close)  # which no version is to blame for
        if context.order and context.newer and not ends and (newest := _unfit(found)):
            return self.instead(context, newest)
        return found

    def instead(self, context: PlanningContext, newest: Newest) -> Snapshot:
        """The same by the config that was accepted last, in place of one that is not granted."""
        return self._snapshot(self.configs.instead(context, newest), None)

    def _context(self, leased: Leased) -> tuple[PlanningContext, Lookups | None]:
        """Record and config, with what the config names, as far as it could be looked up."""
        reference, ahead = leased.reference, None
        context = PlanningContext(
            reference, self.naming, self.environment, leased.unrecorded, leased.overtaken
        )
        if reference.problems or leased.overtaken:
            return context, None
        if reference.grant:
            context, ahead = concurrently(
                partial(self.configs.on_record, context), partial(self.lookups.ahead, leased)
            )
            if leased.held and not leased.unrecorded and context.reference.overtaken:
                return replace(context, overtaken=True), None
        context = self.configs.current(context)
        return _in_its_account(context, self._orphan_in(context)), ahead

    def _orphan_in(self, context: PlanningContext) -> str | None:
        """The account in which an orphan was found, if the stack may grant there at all."""
        account = orphan_in(context)
        return account if account and self.lookups.lists(account) else None

    def _snapshot(self, context: PlanningContext, ahead: Lookups | None) -> Snapshot:
        """What the verdict needs; after the last try a fault of AWS is an answer, too."""
        try:
            return self._needed(context, ahead)
        except PermanentError as error:
            return Snapshot(context, failure=error)
        except TransientError as error:
            told = context.newer or isinstance(error, SpokeUnreachable)
            if not (told and context.reference.last_try):
                raise
            return Snapshot(context, failure=error)

    def _needed(self, context: PlanningContext, ahead: Lookups | None) -> Snapshot:
        match verdict(context):
            case Invalid(read=read):
                return Snapshot(context, self._of_sound_fields(context, read))
            case Remove():
                return Snapshot(context, role=self._observed(context, whole=True))
            case Close():
                return Snapshot(context, role=self._observed(context))
            case Provide() as wanted:
                return self._for_role(context, wanted, ahead)
            case _:
                return Snapshot(context)

    def _of_sound_fields(self, context: PlanningContext, read: ReadConfig) -> Validation | None:
        """All else that is wrong with an invalid config; None where nobody can tell, at last."""
        if "account" not in read.sound:
            return None  # what there is in another says nothing
        try:
            access, at = (
                read.sound.get("access", ()),
                self.lookups.place(read.sound, context.reference),
            )
            key = config_place(context.key, context.reference.grant)
            return self.lookups.validate(read.sound, access, at, key=key, claimless=True)
        except LatchkeyError as error:
            if isinstance(error, TransientError) and not context.reference.last_try:
                raise
            return None

    def _for_role(
        self, context: PlanningContext, wanted: Provide, ahead: Lookups | None
    ) -> Snapshot:
        """What the role to be is rendered from, and the role as it is.

        Where there is no record of a role, none is read: creating it fails if there is one. Only a
        dry run reads it then.
        """
        config, dry_run = wanted.config, context.request.dry_run
        closes = wanted.suspended and context.live and not of_another_source(context)
        looks_again = context.order is not None and context.newer  # else by the version before it
        try:
            found = self.lookups.validate(
                dict(config),
                wanted.access,
                _place(context),
                key=config_place(context.key, context.grant),
                claimless=dry_run or looks_again,
                ahead=ahead,
                record=context.record.resources if context.record and context.live else (),
                tolerant=context.tolerant,
            )
        except LatchkeyError:
            if closes:
                return Snapshot(context, role=self._observed(context))
            raise
        if closes and (found.broken or found.lookups.unreached):
            return Snapshot(context, found, role=self._observed(context))
        if found.refusals(tolerant=context.tolerant):
            return Snapshot(context, found)
        snapshot = Snapshot(context, found, self._external_ids(context, config))
        if not (context.live or dry_run):
            return snapshot
        role, schedule = self._observed(context), self.schedules.observe(str(context.grant))
        return replace(snapshot, role=role, schedule=schedule)

    def _observed(self, context: PlanningContext, *, whole: bool = False) -> ObservedRole | None:
        """The role as it is in the grant's account, or an error; never one of another account."""
        return self.readers(_place(context)).iam.observe(context.role_name, whole=whole)

    def _external_ids(self, context: PlanningContext, config: PartnerConfig) -> tuple[str, ...]:
        """The external IDs of the role to be; one that Latchkey makes is on record only."""
        if not config.generate_external_id:
            return config.external_ids
        kept = kept_external_id(context.record, context.config.text or "{}", context.key)
        if context.record and (waiting := context.record.pending):
            same = waiting.version == context.config.source.version
            kept = kept or (waiting.external_id if same else None)
        return (kept or self.new_external_id(),)


def _unfit(found: Snapshot) -> Newest | None:
    """A version that cannot be granted, if it cannot."""
    source, error = found.context.config.source, found.failure
    if error:
        return Newest(source, "failed", error=type(error).__name__)
    if found.refused:
        return Newest(source)
    return Newest(source, "unlike") if fixed_problems(found.context) else None


def _place(context: PlanningContext) -> Place:
    run = context.reference.run.name
    return Place(context.environment, context.role_name, run, context.now)


def _in_its_account(context: PlanningContext, orphan: str | None) -> PlanningContext:
    """The context whose environment and boundaries are those of the grant's account."""
    config = context.config.read.config if context.config.read else None
    account = orphan or account_in_force(context.record, config)
    environment = context.environment.of_account(account)
    if environment == context.environment:
        return context
    there = naming_in(context.naming, environment.account)
    return replace(context, environment=environment, naming=there)
