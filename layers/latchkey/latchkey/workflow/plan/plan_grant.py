"""Planning: look at one grant, under its lease, and say what has to change."""

from collections.abc import Sequence
from copy import replace
from datetime import datetime, timedelta
from typing import Any

from latchkey.aws.grant_table import GrantTable
from latchkey.aws.leases import Leases
from latchkey.concurrency import concurrently
from latchkey.config.problem import ConfigRejected, Problem
from latchkey.config.reader import ReadConfig
from latchkey.errors import GrantBusy, LatchkeyError, PermanentError
from latchkey.frozen import Frozen
from latchkey.grant_id import GrantId
from latchkey.grants.grant_plan import GrantPlan, Source
from latchkey.grants.record import GrantRecord, Outcome
from latchkey.times import stamp
from latchkey.workflow.events import Execution
from latchkey.workflow.plan.case import Case, decision_for
from latchkey.workflow.plan.coalescing import nothing_left, seen_since
from latchkey.workflow.plan.examine_config import IN_USE, Looked
from latchkey.workflow.plan.failure import failure
from latchkey.workflow.plan.find_config import ConfigFinder, FoundConfig, Subject
from latchkey.workflow.plan.plan_role import RolePlanner
from latchkey.workflow.plan.rejection import beside_invalid, rejection
from latchkey.workflow.request import ActionRequest, FileRequest, InlineRequest, Request

_AT_ONCE = timedelta(seconds=2)


class Planner(Frozen):
    """Plans what to do for a request."""

    finder: ConfigFinder
    roles: RolePlanner
    table: GrantTable
    leases: Leases

    def plan(self, request: Request, run: Execution, now: datetime) -> GrantPlan:
        """What to do for a request; the grant's lease stays with `run` unless nothing is to do.

        Raises
        ------
        GrantBusy
            When another run is at work on the grant.
        """
        if isinstance(request, FileRequest) and (problems := self.finder.misplaced(request)):
            return self._misplaced(request, problems, now)
        subject = self.finder.subject(request, run.name, now)
        grant = subject.grant
        if grant is None:
            return replace(self._nameless(request, subject, now), dry_run=request.dry_run)
        if request.dry_run:
            plan = self._plan(request, subject, grant, now)
            return replace(plan, step="record", outcome=_dry(plan), dry_run=True)
        try:
            begun = tuple(self.leases.acquire(grant, run.id, now))
        except GrantBusy:
            if isinstance(request, FileRequest):
                subject = self.finder.settled(request, subject)
            if seen_since(run, subject):
                return nothing_left(subject, now)
            raise
        try:
            plan = self._plan(request, subject, grant, now, begun, run)
        except Exception:
            self.leases.release(grant, run.id)
            raise
        if plan.step == "done":
            self.leases.release(grant, run.id)
        return plan

    def _misplaced(
        self, request: FileRequest, problems: Sequence[Problem], now: datetime
    ) -> GrantPlan:
        """Reject a file; of another bucket's nothing is recorded under the config's own key."""
        ours = request.bucket == self.finder.bucket
        source = Source(request.bucket, request.key) if ours else Source()
        plan = rejection(problems, Subject(source), now)
        return replace(plan, dry_run=request.dry_run)

    def _secure(self, case: Case, subject: Subject, state: GrantRecord | None) -> None:
        """Claim the external ID and note the file's grant, before a role is made.

        Last of all, so that no failure leaves a claim behind.

        Raises
        ------
        ConfigRejected
            When the external ID is in use for another partner.
        PlanStale
            When the file was looked at by another run since this one read what the table tells.
        """
        if case.request.dry_run or state is None or not state.live:
            return
        had = case.record.external_ids if case.record and case.record.live else ()
        claim = state.external_id if state.external_ids and state.external_id not in had else None
        binds = isinstance(case.request, FileRequest) and case.grant not in subject.bound
        key = case.request.key if isinstance(case.request, FileRequest) and binds else None
        if not self.table.secure(case.grant, claim, key, subject.before):
            raise ConfigRejected([IN_USE])

    def _nameless(self, request: Request, subject: Subject, now: datetime) -> GrantPlan:
        found = self.finder.config(request, subject, None, now)
        if found.read:
            plan = rejection(self._all_problems(found.read, now), subject, now)
        else:
            reason = "the file was removed before it was read, and had granted nothing"
            plan = GrantPlan("record", "unchanged", stamp(now), reason, subject.source)
        return replace(plan, replaces=found.replaces)

    def _plan(
        self,
        request: Request,
        subject: Subject,
        grant: GrantId,
        now: datetime,
        begun: tuple[dict[str, Any], ...] = (),
        run: Execution | None = None,
    ) -> GrantPlan:
        (subject, record), looked = concurrently(
            lambda: self.finder.known(request, subject), lambda: self._ahead(subject, run, now)
        )
        if run and not begun and seen_since(run, subject):
            return nothing_left(subject, now)
        found = self.finder.config(request, subject, record, now, begun=bool(begun))
        plan = self._planned(request, subject, grant, now, begun, record, found, looked)
        return replace(plan, replaces=found.replaces)

    def _ahead(self, subject: Subject, run: Execution | None, now: datetime) -> Looked | None:
        """What a file's config names, looked up while the table is read.

        Not for a run that had to wait: it may have nothing left to do.
        """
        config = subject.read.config if subject.read else None
        started = run and run.start_time and datetime.fromisoformat(run.start_time)
        waited = bool(started) and now - started > _AT_ONCE if started else False
        if config is None or waited or config.status != "active" or config.expires_at <= now:
            return None
        try:
            return self.roles.renderer.examiner.look(config.access)
        except LatchkeyError:
            return None  # it is looked up again where it is needed, and told there

    def _planned(
        self,
        request: Request,
        subject: Subject,
        grant: GrantId,
        now: datetime,
        begun: tuple[dict[str, Any], ...],
        record: GrantRecord | None,
        found: FoundConfig,
        looked: Looked | None,
    ) -> GrantPlan:
        problems = self._problems(request, found, grant, record, now)
        if problems:
            return rejection(problems, subject, now, record)
        if _not_its_file(request, found, record):
            reason = f"{grant} is granted by {record.config_key if record else 'another source'}"
            plan = GrantPlan("done", "unchanged", stamp(now), reason, found.source, grant)
            others = subject.earlier
            return replace(plan, step="record", follow_up=others) if others else plan
        newest, invalid = found, found.read and found.read.problems
        if invalid:  # an order or a check, while the file is invalid
            found = self.finder.accepted(record)
        case = Case(request, found, grant, record, subject.earlier, now, begun, looked)
        if found.read and found.read.grant != grant:
            case = replace(case, found=replace(found, source=Source()))  # another grant's by now
        try:
            decision = decision_for(case)
            if decision is None:
                reason = f"nothing is granted to {grant}, and its config is invalid"
                return GrantPlan("done", "unchanged", stamp(now), reason, found.source, grant)
            plan = self.roles.plan(case, decision)
            self._secure(case, subject, plan.state)
        except ConfigRejected as rejected:
            return rejection(rejected.problems, subject, now, record)
        except PermanentError as error:
            return failure(error, case)
        if record is None and isinstance(request, ActionRequest) and plan.step == "record":
            return rejection([_no_grant(grant)], subject, now)
        return beside_invalid(plan, newest.source, found.source) if invalid else plan

    def _problems(
        self,
        request: Request,
        found: FoundConfig,
        grant: GrantId,
        record: GrantRecord | None,
        now: datetime,
    ) -> tuple[Problem, ...]:
        if isinstance(request, ActionRequest):
            return _order_problems(request, grant, record)
        if found.read and found.read.problems:
            return self._all_problems(found.read, now)
        key = _key_of(request, found.source)
        if found.read and record and record.live and record.config_key != key:
            return self._claim_problems(key, record)
        return ()

    def _all_problems(self, read: ReadConfig, now: datetime) -> tuple[Problem, ...]:
        """All that is wrong with an invalid config, its valid parts held to AWS and guardrails."""
        try:
            more = self.roles.renderer.examiner.examine(read.sound, now, claimless=True)
        except PermanentError:
            return read.problems
        return ConfigRejected([*read.problems, *more.problems, *more.broken]).problems

    def _claim_problems(self, key: str | None, record: GrantRecord) -> tuple[Problem, ...]:
        """Two sources that claim one grant: the first keeps it for as long as it is there."""
        if record.config_key is None:
            holder, mend = "workflow input", "revoke it by workflow input and upload this again"
        elif key and not self.finder.file_exists(record.config_key):
            return ()
        else:
            holder, mend = record.config_key, f"remove {record.config_key} and upload this again"
        message = f"{record.id} is already granted by {holder}; {mend}, or choose another `grant`"
        return (Problem("/grant", message),)


def _key_of(request: Request, source: Source) -> str | None:
    """The file that a config is from or, in a dry run, is to be."""
    return request.as_file if isinstance(request, InlineRequest) else source.key


def _order_problems(
    request: ActionRequest, grant: GrantId, record: GrantRecord | None
) -> tuple[Problem, ...]:
    if request.action not in ("suspend", "resume"):
        return ()  # where nothing is on record, there may be a role whose run could not record it
    if record is None:
        return (_no_grant(grant),)
    if not record.live:
        again = "upload its file again to grant it anew"
        return (Problem("/action", f"{grant} is {record.status}, not active; {again}"),)
    return ()


def _no_grant(grant: GrantId) -> Problem:
    return Problem("/partner", f"there is no grant {grant}")


def _not_its_file(request: Request, found: FoundConfig, record: GrantRecord | None) -> bool:
    """Whether a file that is gone had not granted the grant that it named last."""
    if not isinstance(request, FileRequest) or found.read is not None:
        return False
    return record is None or record.config_key != request.key


def _dry(plan: GrantPlan) -> Outcome:
    return plan.outcome if plan.outcome in ("rejected", "failed") else "planned"
